# Sourced by the others: runs a command in the tree at $ROOT, with the network of the machine.
inside() {
    # What reads names needs this file; the tree keeps it, as most images do.
    cp /etc/resolv.conf "$ROOT/etc/resolv.conf"
    chroot "$ROOT" /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} "$@"
}

apt() {
    inside apt-get -qq -o Dpkg::Use-Pty=0 "$@"
}

# As most images have it: no files that nobody reads again. And content with a mirror that lags, since these trees serve nobody.
apt_settings() {
    cat > "$ROOT/etc/apt/apt.conf.d/image" <<'SETTINGS'
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
SETTINGS
}
