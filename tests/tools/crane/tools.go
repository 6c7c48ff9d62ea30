//go:build tools

// Package tools names the programs that tests use and nothing here calls.
package tools

import _ "github.com/google/go-containerregistry/cmd/crane"
