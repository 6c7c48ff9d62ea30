"""Azure's own `az` against the emulator: the tutorial, step by step, with what it has to show."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import traceback

INFO = json.loads(pathlib.Path(os.environ["PORTOLAN_TEST_EMULATOR"]).read_text())
AZ = os.environ.get("PORTOLAN_TEST_AZ", "az")
GROUP, REGISTRY = "tutorial", "tutorial001"
SUBSCRIPTION = "/subscriptions/" + INFO["subscription"]
ID = f"{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.ContainerRegistry/registries/{REGISTRY}"


class Cli:
    """`az` with a configuration of its own, that knows no cloud but the emulator."""

    def __init__(self, folder):
        self.environment = dict(
            os.environ,
            AZURE_CONFIG_DIR=str(folder),
            AZURE_CORE_INSTANCE_DISCOVERY="false",
            AZURE_CORE_COLLECT_TELEMETRY="false",
            REQUESTS_CA_BUNDLE=INFO["ca_certificate"],
            AZURE_POD_IDENTITY_AUTHORITY_HOST=INFO["identity_endpoint"].split("/metadata")[0],
        )

    def run(self, words):
        done = subprocess.run([AZ, *words], env=self.environment, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout, done.stderr

    def text(self, *words):
        code, out, err = self.run(words)
        if code != 0:
            raise AssertionError(f"az {' '.join(words)} ended with {code}:\n{err}")
        return out

    def __call__(self, *words):
        out = self.text(*words, "--output", "json")
        return json.loads(out) if out.strip() else None

    def refused(self, *words):
        code, _, err = self.run(words)
        assert code != 0, f"az {' '.join(words)} went through"
        return err

    def login(self, service):
        self("login", "--service-principal", "-u", service["client_id"], "-p", service["client_secret"],
             "--tenant", INFO["tenant"])


def service(name):
    return next(one for one in INFO["service_principals"] if one["name"] == name)


def same(found, wanted, where=""):
    """`wanted` is in `found`; a type stands for any value of it."""
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            assert key in found, f"{where}.{key} is missing in {found}"
            same(found[key], value, f"{where}.{key}")
    elif isinstance(wanted, type):
        assert isinstance(found, wanted), f"{where} is {found!r}"
    else:
        assert found == wanted, f"{where} is {found!r}, not {wanted!r}"


def cloud(az):
    az("cloud", "register", "--name", "Emulator", "--endpoint-resource-manager", INFO["arm"])
    az("cloud", "set", "--name", "Emulator")
    az.login(service("owner"))
    same(az("account", "show"), {"id": INFO["subscription"], "tenantId": INFO["tenant"], "state": "Enabled"})


def group_create(az):
    made = az("group", "create", "--name", GROUP, "--location", "eastus")
    same(made, {
        "id": f"{SUBSCRIPTION}/resourceGroups/{GROUP}", "location": "eastus", "managedBy": None, "name": GROUP,
        "properties": {"provisioningState": "Succeeded"}, "type": "Microsoft.Resources/resourceGroups",
    })
    assert az("group", "exists", "--name", GROUP) is True


def registry_create(az):
    same(az("acr", "check-name", "--name", REGISTRY), {"nameAvailable": True, "reason": None})
    made = az("acr", "create", "--resource-group", GROUP, "--name", REGISTRY, "--sku", "Premium")
    same(made, {
        "id": ID, "name": REGISTRY, "location": "eastus", "resourceGroup": GROUP, "loginServer": str,
        "type": "Microsoft.ContainerRegistry/registries", "sku": {"name": "Premium", "tier": "Premium"},
        "provisioningState": "Succeeded", "creationDate": str, "adminUserEnabled": False, "anonymousPullEnabled": False,
        "dataEndpointEnabled": False, "dataEndpointHostNames": [], "encryption": {"status": "disabled"},
        "networkRuleBypassOptions": "AzureServices", "networkRuleSet": {"defaultAction": "Allow", "ipRules": []},
        "policies": {
            "quarantinePolicy": {"status": "disabled"}, "trustPolicy": {"status": "disabled", "type": "Notary"},
            "retentionPolicy": {"days": 7, "status": "disabled"}, "exportPolicy": {"status": "enabled"},
            "azureAdAuthenticationAsArmPolicy": {"status": "enabled"},
        },
        "privateEndpointConnections": [], "publicNetworkAccess": "Enabled", "zoneRedundancy": "Disabled",
        "roleAssignmentMode": "LegacyRegistryPermissions",
        "systemData": {"createdByType": "Application", "createdBy": service("owner")["client_id"], "createdAt": str},
    })
    same(az("acr", "check-name", "--name", REGISTRY), {
        "nameAvailable": False, "reason": "AlreadyExists", "message": f"The registry {REGISTRY} is already in use.",
    })
    assert "AlreadyInUse" in az.refused(
        "acr", "create", "--resource-group", INFO["resource_group"], "--name", REGISTRY, "--sku", "Basic")
    table = az.text("acr", "list", "--output", "table").splitlines()
    assert table[0].split("  ")[0] == "NAME" and any(line.startswith(REGISTRY) for line in table), table
    usages = {usage["name"]: usage for usage in az("acr", "show-usage", "--name", REGISTRY)["value"]}
    same(usages["Size"], {"limit": 536870912000, "currentValue": 0, "unit": "Bytes"})
    same(usages["Geo-replications"], {"limit": -1, "currentValue": 0, "unit": "Count"})


def repository_list(az):
    assert az("acr", "repository", "list", "--name", REGISTRY) == []


def identities(az):
    assert "--admin-enabled true" in az.refused("acr", "credential", "show", "--name", REGISTRY)
    assert az("acr", "update", "--name", REGISTRY, "--admin-enabled", "true")["adminUserEnabled"] is True
    shown = az("acr", "credential", "show", "--name", REGISTRY)
    assert shown["username"] == REGISTRY and [one["name"] for one in shown["passwords"]] == ["password", "password2"]
    renewed = az("acr", "credential", "renew", "--name", REGISTRY, "--password-name", "password2")
    assert renewed["passwords"][0] == shown["passwords"][0] and renewed["passwords"][1] != shown["passwords"][1]
    assert az("acr", "repository", "list", "--name", REGISTRY, "--username", REGISTRY,
              "--password", renewed["passwords"][1]["value"]) == []


def service_principals(az, other):
    made = az("ad", "sp", "create-for-rbac", "--name", "puller", "--scopes", ID, "--role", "AcrPull")
    same(made, {"appId": str, "displayName": "puller", "password": str, "tenant": INFO["tenant"]})
    other.login({"client_id": made["appId"], "client_secret": made["password"]})
    assert "AuthorizationFailed" in other.refused("acr", "show", "--name", REGISTRY, "--resource-group", GROUP)
    held = az("role", "assignment", "list", "--assignee", made["appId"], "--scope", ID)
    assert [one["roleDefinitionName"] for one in held] == ["AcrPull"], held
    given = az("role", "assignment", "create", "--assignee", made["appId"], "--role", "Reader", "--scope", ID)
    same(given, {"scope": ID, "principalType": "ServicePrincipal", "type": "Microsoft.Authorization/roleAssignments"})
    assert other("acr", "show", "--name", REGISTRY, "--resource-group", GROUP)["name"] == REGISTRY
    refused = other.refused("role", "assignment", "create", "--assignee-object-id", given["principalId"],
                            "--assignee-principal-type", "ServicePrincipal", "--role", "Owner", "--scope", ID)
    assert "AuthorizationFailed" in refused, refused
    az("role", "assignment", "delete", "--assignee", made["appId"], "--role", "Reader", "--scope", ID)
    assert "AuthorizationFailed" in other.refused("acr", "show", "--name", REGISTRY, "--resource-group", GROUP)


def scoped_tokens(az):
    made = az("acr", "token", "create", "--name", "scoped-1", "--registry", REGISTRY,
              "--repository", "samples/hello", "content/read", "metadata/read")
    same(made, {"status": "enabled", "provisioningState": "Succeeded", "credentials": {"username": "scoped-1"}})
    assert [one["name"] for one in made["credentials"]["passwords"]] == ["password1", "password2"]
    token = az("acr", "login", "--name", REGISTRY, "--expose-token")
    same(token, {"loginServer": str, "username": "00000000-0000-0000-0000-000000000000", "refreshToken": str})


def replications(az):
    made = az("acr", "replication", "create", "--registry", REGISTRY, "--location", "japaneast")
    same(made, {
        "id": f"{ID}/replications/japaneast", "location": "japaneast", "name": "japaneast",
        "provisioningState": "Succeeded", "regionEndpointEnabled": True, "resourceGroup": GROUP,
        "status": {"displayStatus": str, "timestamp": str}, "tags": {},
        "type": "Microsoft.ContainerRegistry/registries/replications", "zoneRedundancy": "Disabled",
    })
    for _ in range(60):
        listed = az("acr", "replication", "list", "--registry", REGISTRY)
        if all(one["status"]["displayStatus"] == "Ready" for one in listed):
            break
        time.sleep(1)
    assert [one["name"] for one in listed] == ["eastus", "japaneast"]
    table = az.text("acr", "replication", "list", "--registry", REGISTRY, "--output", "table").splitlines()
    assert [word.strip() for word in table[0].split("  ") if word.strip()] == [
        "NAME", "LOCATION", "PROVISIONING STATE", "STATUS", "REGION ENDPOINT ENABLED"], table
    assert table[3].split() == ["japaneast", "japaneast", "Succeeded", "Ready", "True"], table
    assert "replications" in az.refused("acr", "update", "--name", REGISTRY, "--sku", "Standard")
    az("acr", "replication", "delete", "--registry", REGISTRY, "--name", "japaneast")
    assert az("acr", "replication", "list", "--registry", REGISTRY) == []
    assert az("acr", "update", "--name", REGISTRY, "--sku", "Standard")["sku"]["name"] == "Standard"
    assert "Premium" in az.refused("acr", "replication", "create", "--registry", REGISTRY, "--location", "japaneast")


def group_delete(az):
    az("group", "delete", "--name", GROUP, "--yes")
    assert az("group", "exists", "--name", GROUP) is False
    assert REGISTRY not in [one["name"] for one in az("acr", "list")]


def main():
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        az, other = Cli(one), Cli(two)
        other("cloud", "register", "--name", "Emulator", "--endpoint-resource-manager", INFO["arm"])
        other("cloud", "set", "--name", "Emulator")
        steps = [cloud, group_create, registry_create, repository_list, identities,
                 lambda az: service_principals(az, other), scoped_tokens, replications, group_delete]
        names = ["cloud and login", "group create", "acr create", "acr repository list", "admin user",
                 "service principals and roles", "scoped tokens", "acr replication", "group delete"]
        for name, step in zip(names, steps):
            start = time.monotonic()
            try:
                step(az)
            except (AssertionError, subprocess.TimeoutExpired):
                print(f"not ok: {name}", flush=True)
                traceback.print_exc()
                return 1
            print(f"ok: {name} ({time.monotonic() - start:.1f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
