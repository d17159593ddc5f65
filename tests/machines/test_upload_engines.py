"""Both upload engines in every order of what a board, a storage and a clock can do to them."""

from hypothesis.stateful import run_state_machine_as_test

from tests.machines.drivers import CommandLine, Page
from tests.machines.node import Node
from tests.machines.scale import scale
from tests.machines.upload_world import UploadWorld


class CommandLineWorld(UploadWorld):
    driver = CommandLine()


def test_the_command_lines_engine_keeps_its_promises_in_every_world() -> None:
    run_state_machine_as_test(CommandLineWorld, settings=scale(400, 60))


def test_the_pages_engine_keeps_its_promises_in_every_world(node: Node) -> None:
    class PageWorld(UploadWorld):
        driver = Page(node)

    run_state_machine_as_test(PageWorld, settings=scale(300, 60))
