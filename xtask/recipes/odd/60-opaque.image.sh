# Whiteouts as umoci writes them.
mkdir -p "$WORK/zone" "$WORK/hidden" && echo Atlantis > "$WORK/zone/Atlantis" && echo 6 > "$WORK/hidden/6"
umoci insert --image "$IMAGE" --opaque --history.created_by 'COPY zone/ /usr/share/zoneinfo/Europe/' "$WORK/zone" /usr/share/zoneinfo/Europe
umoci insert --image "$IMAGE" --opaque --history.created_by 'COPY hidden/ /opt/swap/hidden/' "$WORK/hidden" /opt/swap/hidden
umoci insert --image "$IMAGE" --whiteout --history.created_by 'RUN rm -rf /usr/share/doc/apt' /usr/share/doc/apt
umoci insert --image "$IMAGE" --whiteout --history.created_by 'RUN rm /etc/issue' /etc/issue
