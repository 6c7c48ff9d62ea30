# RUN apt-get update && apt-get install -y less iputils-ping libcap2-bin
export DEBIAN_FRONTEND=noninteractive
apt="apt-get -qq -o Dpkg::Use-Pty=0"
$apt update
$apt install -y --no-install-recommends less iputils-ping libcap2-bin
apt-get clean
rm -rf /var/lib/apt/lists/*
