# Sourced by the others: runs a command in the tree at $ROOT, with the network of the machine.
inside() {
    # What reads names needs this file; the tree keeps it, as most images do.
    cp /etc/resolv.conf "$ROOT/etc/resolv.conf"
    chroot "$ROOT" /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} "$@"
}

# Quiet, without files that nobody reads again, and content with a mirror that lags: these trees serve nobody.
apt() {
    inside apt-get -qq -o Dpkg::Use-Pty=0 -o Acquire::Check-Valid-Until=false -o Acquire::Languages=none \
        -o Acquire::GzipIndexes=true -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@"
}
