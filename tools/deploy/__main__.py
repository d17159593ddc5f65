"""``python -m tools.deploy package|up|down --stage prod``; by make, see the package's docstring."""

import argparse
import os
import sys
from subprocess import CalledProcessError

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from tools.deploy.bringing import Bringing
from tools.deploy.cloud import Cloud, aloud
from tools.deploy.errors import NotDeployed
from tools.deploy.package import ROOT, make_package
from tools.deploy.taking import Taking
from tools.region import known_region

NO_CREDENTIALS = (
    "There are no AWS credentials here. Sign in as for every AWS tool (AWS_PROFILE, "
    "«aws sso login»), and say it again. Nothing was changed."
)


def main(arguments: list[str]) -> int:
    asked = _parser().parse_args(arguments)
    try:
        _carry_out(asked)
    except NotDeployed as error:
        print(error, file=sys.stderr)
        return 1
    except CalledProcessError:
        print("Chalice could not make the package; what it said stands above.", file=sys.stderr)
        return 1
    except NoCredentialsError:
        print(NO_CREDENTIALS, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"AWS refuses: {error}", file=sys.stderr)
        return 1
    return 0


def _carry_out(asked: argparse.Namespace) -> None:
    build = ROOT / "build" / asked.stage
    if asked.verb == "package":
        make_package(asked.stage, build)
        aloud(f"{build.relative_to(ROOT)}/sam.json, deployment.zip")
        return
    cloud = Cloud(region=known_region(), stage=asked.stage)
    cloud.say(f"{asked.stage} in {cloud.region}, account {cloud.account}")
    if asked.verb == "up":
        package = make_package(asked.stage, build)
        Bringing(cloud=cloud, stage=asked.stage, package=package, told=asked.set).run()
        return
    delete = asked.data == "delete"
    if delete:
        _be_sure(cloud, asked.sure)
    Taking(cloud=cloud, delete_data=delete).run()


def _be_sure(cloud: Cloud, sure: str) -> None:
    """Raises NotDeployed unless the stack's name was told, or is typed now."""
    cloud.say(f"Every file and every person of {cloud.name} will be deleted for good.")
    if not sure and sys.stdin.isatty():
        sure = input(f"Type {cloud.name} to go on: ").strip()
    if sure != cloud.name:
        raise NotDeployed(f"Nothing was changed. To be sure without a question: SURE={cloud.name}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.deploy")
    parser.add_argument("verb", choices=["package", "up", "down"])
    parser.add_argument("--stage", choices=["dev", "prod"], required=True)
    told = "parameters, e.g. 'MailFrom=mail@your.domain'; by default what the variable SET says"
    parser.add_argument("--set", default=os.environ.get("SET", ""), help=told)
    parser.add_argument("--data", default="keep", choices=["keep", "delete"])
    parser.add_argument("--sure", default="", help="the stack's name, so that nothing is asked")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
