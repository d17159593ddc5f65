"""``python -m tools.deploy package|up|down --stage prod``; by make, see the package's docstring."""

import argparse
import sys
from subprocess import CalledProcessError

from botocore.exceptions import BotoCoreError, ClientError

from tools.deploy.bringing import Bringing
from tools.deploy.cloud import Cloud, aloud
from tools.deploy.errors import NotDeployed
from tools.deploy.package import ROOT, make_package
from tools.deploy.taking import Taking
from tools.region import known_region


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
    else:
        Taking(cloud=cloud, delete_data=asked.data == "delete").run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.deploy")
    parser.add_argument("verb", choices=["package", "up", "down"])
    parser.add_argument("--stage", choices=["dev", "prod"], required=True)
    parser.add_argument("--set", default="", help="parameters, e.g. 'MailFrom=mail@your.domain'")
    parser.add_argument("--data", default="keep", choices=["keep", "delete"])
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
