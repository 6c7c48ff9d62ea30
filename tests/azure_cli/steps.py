"""What scripts of steps share."""

import contextlib
import subprocess
import tempfile

from tutorial import INFO, Cli, service


@contextlib.contextmanager
def owner(group):
    """`az`, signed in as the owner, with a group that is deleted when all went well."""
    with tempfile.TemporaryDirectory() as configuration:
        az = Cli(configuration)
        az("cloud", "register", "--name", "Emulator", "--endpoint-resource-manager", INFO["arm"])
        az("cloud", "set", "--name", "Emulator")
        az.login(service("owner"))
        az("group", "create", "--name", group, "--location", "eastus")
        yield az
        az("group", "delete", "--name", group, "--yes")


def take(step, *given):
    """Takes a step, and says how it went."""
    try:
        step(*given)
    except (AssertionError, subprocess.TimeoutExpired):
        print(f"not ok: {step.__name__}", flush=True)
        raise
    print(f"ok: {step.__name__}", flush=True)
