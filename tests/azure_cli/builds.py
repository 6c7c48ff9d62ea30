"""Azure's own `az` against the emulator: quick builds, their logs, and containers out of what was built."""

import pathlib
import sys
import tempfile

from steps import owner, take
from tutorial import same

GROUP, REGISTRY = "building", "building001"

FILES = {
    "Dockerfile": "FROM scratch\nARG NAME=nobody\nENV NAME=$NAME\nCOPY . /app/\nWORKDIR /app\nCMD [\"/app/run\"]\n",
    "run": "#!/bin/sh\n",
    "notes.log": "left out\n",
    ".dockerignore": "*.log\n",
}


def context(folder, files):
    for name, text in files.items():
        (folder / name).write_text(text)
    return str(folder)


def build(az, folder, login):
    code, out, err = az.run(["acr", "build", "--registry", REGISTRY, "--image", "acrtasks:v1", "--build-arg", "NAME=you",
                             "--secret-build-arg", "KEY=hunter2", context(folder, FILES)])
    assert code == 0, err
    assert "Queued a build with ID: cf1" in err, err
    lines = out.splitlines()
    assert "hunter2" not in out and "- image:" in lines and f"    registry: {login}" in lines, out
    assert any(line.startswith("Run ID: cf1 was successful after ") for line in lines), out
    assert az("acr", "repository", "list", "--name", REGISTRY) == ["acrtasks"]
    run = az("acr", "task", "list-runs", "--registry", REGISTRY)[0]
    same(run, {"runId": "cf1", "status": "Succeeded", "runType": "QuickRun", "provisioningState": "Succeeded"})
    image = run["outputImages"][0]
    same(image, {"registry": login, "repository": "acrtasks", "tag": "v1"})
    shown = az("acr", "manifest", "list-metadata", "--registry", REGISTRY, "--name", "acrtasks")
    assert shown[0]["digest"] == image["digest"] and shown[0]["tags"] == ["v1"], shown
    assert lines[-1] in az.text("acr", "task", "logs", "--registry", REGISTRY, "--run-id", "cf1")


def build_on_it(az, folder, login):
    files = {"Dockerfile": f"FROM {login}/acrtasks:v1\nCOPY more /more\n", "more": "more\n"}
    out = az.text("acr", "build", "--registry", REGISTRY, "--image", "upper:{{.Run.ID}}", context(folder, files))
    assert "  runtime-dependency:" in out.splitlines(), out
    assert az("acr", "repository", "show-tags", "--name", REGISTRY, "--repository", "upper") == ["cf2"]


def failures(az, folder, _):
    files = {"Dockerfile": "FROM alpine:3\nRUN true\n"}
    code, out, err = az.run(["acr", "build", "--registry", REGISTRY, "--image", "no:1", context(folder, files)])
    assert code != 0 and "Run failed" in err and "does not contact 'docker.io'" in out, (out, err)
    code, _, err = az.run(["acr", "build", "--registry", REGISTRY, "--no-wait", "--image", "no:2", str(folder)])
    assert code == 0 and "Queued a build with ID: cf4" in err, err
    az("acr", "task", "cancel-run", "--registry", REGISTRY, "--run-id", "cf4")
    failed = az("acr", "task", "list-runs", "--registry", REGISTRY, "--run-status", "Failed")
    assert "cf3" in [run["runId"] for run in failed], failed
    archived = az("acr", "task", "update-run", "--registry", REGISTRY, "--run-id", "cf3", "--no-archive", "false")
    same(archived, {"runId": "cf3", "isArchiveEnabled": True})


def containers(az, _, login):
    az("acr", "update", "--name", REGISTRY, "--admin-enabled", "true")
    shown = az("acr", "credential", "show", "--name", REGISTRY)
    create = ["container", "create", "--resource-group", GROUP, "--name", "acr-tasks", "--image", f"{login}/acrtasks:v1",
              "--registry-login-server", login, "--registry-username", shown["username"], "--ip-address", "Public",
              "--os-type", "Linux", "--cpu", "1", "--memory", "1", "--restart-policy", "Never", "--registry-password"]
    assert "InaccessibleImage" in az.refused(*create, "wrong")
    password = shown["passwords"][0]["value"]
    made = az(*create, password)
    same(made, {"name": "acr-tasks", "provisioningState": "Succeeded", "osType": "Linux", "location": str})
    assert made["imageRegistryCredentials"][0].get("password") is None and password not in str(made), made
    address = az("container", "show", "--resource-group", GROUP, "--name", "acr-tasks", "--query", "ipAddress.ip")
    assert address.startswith("127.0.1."), address
    group = az("container", "show", "--resource-group", GROUP, "--name", "acr-tasks")
    names = [event["name"] for event in group["containers"][0]["instanceView"]["events"]]
    assert names[:2] == ["Pulling", "Pulled"], names
    az.text("container", "logs", "--resource-group", GROUP, "--name", "acr-tasks")
    assert [one["name"] for one in az("container", "list", "--resource-group", GROUP)] == ["acr-tasks"]
    az("container", "stop", "--resource-group", GROUP, "--name", "acr-tasks")
    az("container", "start", "--resource-group", GROUP, "--name", "acr-tasks")
    az("container", "restart", "--resource-group", GROUP, "--name", "acr-tasks")
    az("container", "delete", "--resource-group", GROUP, "--name", "acr-tasks", "--yes")
    assert az("container", "list", "--resource-group", GROUP) == []


def main():
    with owner(GROUP) as az:
        login = az("acr", "create", "--resource-group", GROUP, "--name", REGISTRY, "--sku", "Standard")["loginServer"]
        for step in [build, build_on_it, failures, containers]:
            with tempfile.TemporaryDirectory() as folder:
                take(step, az, pathlib.Path(folder), login)


if __name__ == "__main__":
    sys.exit(main())
