# RUN apt-get purge -y less && rm -rf /usr/share/zoneinfo
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o Dpkg::Use-Pty=0 purge -y less
rm -rf /usr/share/zoneinfo/Africa /usr/share/zoneinfo/Europe /var/cache/debconf /var/log/*
