// Command chunk packs a plain layer so that its files can be read one by one: as eStargz by the library of the stargz
// snapshotter, or as zstd:chunked by the one of Podman. What a manifest has to say of the layer goes to standard output.
//
// The versions in go.mod are the last that Debian 12's Go can build.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/containerd/stargz-snapshotter/estargz"
	"github.com/containers/storage/pkg/chunked/compressor"
	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"
)

// described is what the caller cannot see from the outside of the packed layer.
type described struct {
	// Annotations of the layer's descriptor.
	Annotations map[string]string `json:"annotations"`
	// DiffID where packing changed the tar; empty where it is that of the plain layer.
	DiffID string `json:"diffId,omitempty"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "chunk:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return errors.New("usage: chunk estargz|zstd LAYER.tar PACKED")
	}
	layer, err := os.Open(args[1])
	if err != nil {
		return err
	}
	defer layer.Close()
	packed, err := os.Create(args[2])
	if err != nil {
		return err
	}
	pack := packEstargz
	if args[0] == "zstd" {
		pack = packZstd
	}
	about, err := pack(layer, packed)
	if err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(about)
}

func packEstargz(layer, packed *os.File) (*described, error) {
	info, err := layer.Stat()
	if err != nil {
		return nil, err
	}
	blob, err := estargz.Build(io.NewSectionReader(layer, 0, info.Size()), estargz.WithCompressionLevel(6))
	if err != nil {
		return nil, err
	}
	defer blob.Close()
	if _, err := io.Copy(packed, blob); err != nil {
		return nil, err
	}
	size, err := unpackedSize(packed)
	if err != nil {
		return nil, err
	}
	annotations := map[string]string{
		estargz.TOCJSONDigestAnnotation:         blob.TOCDigest().String(),
		estargz.StoreUncompressedSizeAnnotation: strconv.FormatInt(size, 10),
	}
	return &described{annotations, blob.DiffID().String()}, nil
}

// unpackedSize counts the tar with the table of contents in it.
func unpackedSize(packed *os.File) (int64, error) {
	if _, err := packed.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		return 0, err
	}
	return io.Copy(io.Discard, unpacked)
}

func packZstd(layer, packed *os.File) (*described, error) {
	if err := endsWithMarker(layer); err != nil {
		return nil, err
	}
	annotations := map[string]string{}
	level := 3
	writer, err := compressor.ZstdCompressor(packed, annotations, &level)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(writer, layer); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	diffID, err := withoutTail(layer, packed)
	return &described{annotations, diffID}, err
}

// endsWithMarker fails if an archive does not end with two blocks of zeros. The library waits for them without end.
func endsWithMarker(layer *os.File) error {
	marker := make([]byte, 1024)
	if _, err := layer.Seek(-int64(len(marker)), io.SeekEnd); err != nil {
		return err
	}
	if _, err := io.ReadFull(layer, marker); err != nil {
		return err
	}
	if len(bytes.Trim(marker, "\x00")) > 0 {
		return errors.New("the layer has no end marker")
	}
	_, err := layer.Seek(0, io.SeekStart)
	return err
}

// withoutTail gives the digest of the packed layer's archive, and fails if that is not the beginning of the plain one with nothing
// but zeros left out. The library drops what fills up the last record of tar, and loses what comes after a sparse file.
func withoutTail(layer, packed *os.File) (string, error) {
	for _, file := range []*os.File{layer, packed} {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return "", err
		}
	}
	unpacked, err := zstd.NewReader(packed)
	if err != nil {
		return "", err
	}
	defer unpacked.Close()
	after, err := io.ReadAll(unpacked)
	if err != nil {
		return "", err
	}
	before, err := io.ReadAll(layer)
	if err != nil {
		return "", err
	}
	if !bytes.HasPrefix(before, after) || len(bytes.Trim(before[len(after):], "\x00")) > 0 {
		return "", errors.New("the layer is another when it is unpacked")
	}
	return digest.FromBytes(after).String(), nil
}
