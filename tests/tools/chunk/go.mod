module chunk

go 1.19

require (
	github.com/containerd/stargz-snapshotter/estargz v0.15.1
	github.com/containers/storage v1.51.0
	github.com/klauspost/compress v1.17.2
	github.com/opencontainers/go-digest v1.0.0
)

require (
	github.com/json-iterator/go v1.1.12 // indirect
	github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect
	github.com/modern-go/reflect2 v1.0.2 // indirect
	github.com/vbatts/tar-split v0.11.5 // indirect
	golang.org/x/sync v0.4.0 // indirect
	golang.org/x/sys v0.14.0 // indirect
)
