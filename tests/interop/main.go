// Command interop judges a public log with Go's own packages for notes and tiled logs, and shares no code with us.
//
//	interop FOLDER VKEY
//
// It opens the tree head, hashes every entry, checks every tile against these hashes, compares the root, proves every entry
// and has Go verify the proof. It reads nothing but the folder and the key. Exit 0: all of it holds.
//
//	interop --proof FILE ENTRY VKEY
//
// It has Go verify one proof in tlog-proof form for the bytes of one entry.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	var said string
	var err error
	if len(os.Args) == 5 && os.Args[1] == "--proof" {
		said, err = judgeProof(os.Args[2], os.Args[3], os.Args[4])
	} else if len(os.Args) == 3 {
		said, err = judgeLog(os.Args[1], os.Args[2])
	} else {
		err = fmt.Errorf("usage: interop FOLDER VKEY | interop --proof FILE ENTRY VKEY")
	}
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println(said)
}

// judgeLog is the whole of it: tree head, entries, tiles, root, and a proof for each entry.
func judgeLog(folder, vkey string) (string, error) {
	tree, err := openHead(read(folder, "checkpoint"), vkey)
	if err != nil {
		return "", err
	}
	entries, err := readEntries(folder, tree.N)
	if err != nil {
		return "", err
	}
	own, err := grow(entries)
	if err != nil {
		return "", err
	}
	tiles, err := checkTiles(folder, tree.N, own)
	if err != nil {
		return "", err
	}
	root, err := rootOf(tree.N, own)
	if err != nil || root != tree.Hash {
		return "", fmt.Errorf("the entries have the root %v, %v is signed (%v)", root, tree.Hash, err)
	}
	if err := proveAll(folder, tree, entries); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d entries and %d tiles hold under the signed root %v", tree.N, tiles, tree.Hash), nil
}

// openHead has Go's note package verify the signature; the text is that of C2SP tlog-checkpoint.
func openHead(data []byte, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("the tree head is not that of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func readEntries(folder string, size int64) ([][]byte, error) {
	var entries [][]byte
	for int64(len(entries)) < size {
		width := size - int64(len(entries))
		if width > 1<<height {
			width = 1 << height
		}
		tile := tlog.Tile{H: height, L: -1, N: int64(len(entries)) >> height, W: int(width)}
		data := read(folder, pathOf(tile))
		for i := int64(0); i < width; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("%s ends within an entry", pathOf(tile))
			}
			length := 2 + int(binary.BigEndian.Uint16(data))
			entries, data = append(entries, data[2:length]), data[length:]
		}
		if len(data) > 0 {
			return nil, fmt.Errorf("%s goes on behind its entries", pathOf(tile))
		}
	}
	return entries, nil
}

// stored is a tree that Go builds from the entries alone.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(s)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found[i] = s[index]
	}
	return found, nil
}

func grow(entries [][]byte) (stored, error) {
	var own stored
	for i, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(i), entry, own)
		if err != nil {
			return nil, err
		}
		own = append(own, hashes...)
	}
	return own, nil
}

// checkTiles compares every tile byte for byte: tlog.TileHashReader alone lets a changed leaf hash pass.
func checkTiles(folder string, size int64, own stored) (int, error) {
	count := 0
	tiles := tlog.NewTiles(height, 0, size)
	for i, tile := range tiles {
		if i+1 < len(tiles) && tiles[i+1].L == tile.L && tiles[i+1].N == tile.N {
			continue // a narrower state of the next one
		}
		meant, err := tlog.ReadTileData(tile, own)
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(meant, read(folder, pathOf(tile))) {
			return 0, fmt.Errorf("%s is not what its entries give", pathOf(tile))
		}
		count++
	}
	return count, nil
}

// rootOf is tlog.TreeHash, but for the empty tree: Go gives zeros there, RFC 6962 the hash of nothing.
func rootOf(size int64, own stored) (tlog.Hash, error) {
	if size == 0 {
		return sha256.Sum256(nil), nil
	}
	return tlog.TreeHash(size, own)
}

// files reads tiles from the folder, as a client of the log does.
type files struct{ folder string }

func (f files) Height() int                     { return height }
func (f files) SaveTiles([]tlog.Tile, [][]byte) {}
func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(tiles))
	for i, tile := range tiles {
		if found[i] = read(f.folder, pathOf(tile)); len(found[i]) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", pathOf(tile), len(found[i]))
		}
	}
	return found, nil
}

// proveAll makes a proof for each entry from the tiles on disk, and has it checked against the signed root.
func proveAll(folder string, tree tlog.Tree, entries [][]byte) error {
	reader := tlog.TileHashReader(tree, files{folder})
	for i, entry := range entries {
		proof, err := tlog.ProveRecord(tree.N, int64(i), reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), tlog.RecordHash(entry)); err != nil {
			return fmt.Errorf("entry %d: %v", i, err)
		}
	}
	return nil
}

// judgeProof reads the frame of C2SP tlog-proof; the tree head in it and the path are Go's to verify.
func judgeProof(file, entry, vkey string) (string, error) {
	frame, head, found := bytes.Cut(read(file), []byte("\n\n"))
	lines := strings.Split(string(frame), "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return "", fmt.Errorf("not a proof")
	}
	index, err := strconv.ParseInt(lines[1][len("index "):], 10, 64)
	if err != nil {
		return "", err
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		data, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(data) != tlog.HashSize {
			return "", fmt.Errorf("%q is not the base64 of a hash", line)
		}
		var hash tlog.Hash
		copy(hash[:], data)
		proof = append(proof, hash)
	}
	tree, err := openHead(head, vkey)
	if err != nil {
		return "", err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(read(entry))); err != nil {
		return "", err
	}
	return fmt.Sprintf("entry %d is under the signed root of %d entries", index, tree.N), nil
}

// pathOf writes Go's tile path as C2SP does: no height in it, and the entries are called so.
func pathOf(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	if rest := strings.TrimPrefix(path, "data/"); rest != path {
		path = "entries/" + rest
	}
	return "tile/" + path
}

// read gives nothing where there is no file: whoever compares says what is wrong.
func read(parts ...string) []byte {
	data, _ := os.ReadFile(filepath.Join(parts...))
	return data
}
