# RUN apt-get purge nano file openssl && apt-get autoremove && apt-get clean
. "$RECIPES/inside.sh"
apt purge -y nano file openssl ca-certificates
apt autoremove -y --purge
apt clean
rm -rf "$ROOT"/usr/share/doc/bash "$ROOT"/var/log/apt
