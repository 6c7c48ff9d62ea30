"""Azure's own `az` against the emulator: images imported from one registry into another."""

import pathlib
import sys
import tempfile

from builds import FILES, context
from steps import owner, take
from tutorial import same

GROUP, SOURCE, TARGET = "importing", "importing001", "importing002"


def tags(az, repository):
    return az("acr", "repository", "show-tags", "--name", TARGET, "--repository", repository)


def digest(az, registry, image):
    return az("acr", "manifest", "show-metadata", "--registry", registry, "--name", image)["digest"]


def by_login_server(az, login):
    az("acr", "import", "--name", TARGET, "--source", f"{login}/team/app:v1")
    assert tags(az, "team/app") == ["v1"]
    assert digest(az, TARGET, "team/app:v1") == digest(az, SOURCE, "team/app:v1")


def by_name_and_id(az, _):
    az("acr", "import", "--name", TARGET, "--registry", SOURCE, "--source", "team/app:v1", "--image", "app:named")
    registry = az("acr", "show", "--name", SOURCE)["id"]
    same_digest = f"team/app@{digest(az, SOURCE, 'team/app:v1')}"
    az("acr", "import", "--name", TARGET, "--registry", registry, "--source", same_digest, "--image", "app:digest")
    assert tags(az, "app") == ["digest", "named"]
    az("acr", "import", "--name", TARGET, "--registry", registry, "--source", "team/app:v1", "--repository", "bare")
    same(az("acr", "manifest", "list-metadata", "--registry", TARGET, "--name", "bare")[0], {"digest": str})


def tags_in_the_way(az, login):
    again = ["acr", "import", "--name", TARGET, "--source", f"{login}/team/app:v1"]
    refused = az.refused(*again)
    assert "Conflict" in refused and "already exists" in refused, refused
    az(*again, "--force")


def with_credentials(az, login):
    az("acr", "update", "--name", SOURCE, "--admin-enabled", "true")
    password = az("acr", "credential", "show", "--name", SOURCE)["passwords"][0]["value"]
    given = ["acr", "import", "--name", TARGET, "--source", f"{login}/team/app:v1", "--image", "app:admin",
             "--username", SOURCE, "--password"]
    assert "LinkedAuthorizationFailed" in az.refused(*given, "wrong")
    az(*given, password)
    assert "admin" in tags(az, "app")


def what_cannot_be_had(az, login):
    refused = az.refused("acr", "import", "--name", TARGET, "--source", "mcr.microsoft.com/hello-world:latest")
    assert "does not contact 'mcr.microsoft.com'" in refused, refused
    assert "ManifestUnknown" in az.refused("acr", "import", "--name", TARGET, "--source", f"{login}/none:v1")


def main():
    with owner(GROUP) as az, tempfile.TemporaryDirectory() as folder:
        logins = [az("acr", "create", "--resource-group", GROUP, "--name", name, "--sku", "Basic")["loginServer"]
                  for name in (SOURCE, TARGET)]
        az.text("acr", "build", "--registry", SOURCE, "--image", "team/app:v1", context(pathlib.Path(folder), FILES))
        for step in [by_login_server, by_name_and_id, tags_in_the_way, with_credentials, what_cannot_be_had]:
            take(step, az, logins[0])


if __name__ == "__main__":
    sys.exit(main())
