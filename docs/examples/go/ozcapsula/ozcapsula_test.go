package ozcapsula

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

const testdata = "../../../../testdata"

// The time that the tokens in testdata are made for.
var at = time.Unix(1767225660, 0)

const settings = `{"issuers": [{"file": "TEST-issuer-p384.pub"}], "signers": [{"file": "TEST-signer-p384.pub"}]}`

// load makes a policy from settings, beside copies of the test keys.
func load(t *testing.T, settings string) (*Policy, error) {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"TEST-issuer-p384.pub", "TEST-signer-p384.pub"} {
		key, err := os.ReadFile(filepath.Join(testdata, "keys", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), key, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(folder, "policy.json")
	if err := os.WriteFile(path, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	return LoadPolicy(path)
}

// container is a copy of one in testdata, to be changed.
func container(t *testing.T, name string) *os.File {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(testdata, name))
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(filepath.Join(t.TempDir(), "container"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	if _, err := file.Write(content); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSettings(t *testing.T) {
	for _, settings := range []string{`{"issuers":`, `{}`, `{"issuers": [{"file": "none"}]}`} {
		if _, err := load(t, settings); !errors.Is(err, ErrMisuse) {
			t.Errorf("%s: %v", settings, err)
		}
	}
}

func TestRejected(t *testing.T) {
	policy, err := load(t, settings)
	if err != nil {
		t.Fatal(err)
	}
	defer policy.Close()
	_, err = policy.Validate(container(t, "invalid/hash.mismatch-mimetype.ozc"), at)
	var rejected *Rejected
	if !errors.As(err, &rejected) || rejected.Rule != "hash.mismatch" || rejected.Answer.Status != 400 ||
		string(AnswerOf(err).Body) != `{"error_code":14,"error_message":"Invalid hash","details":null}` {
		t.Error(err)
	}
	if answer := AnswerOf(io.EOF); answer.Status != 500 ||
		string(answer.Body) != `{"error_code":0,"error_message":"Unknown server side error occurred","details":null}` {
		t.Error(answer)
	}
}

func TestBytes(t *testing.T) {
	policy, err := load(t, settings)
	if err != nil {
		t.Fatal(err)
	}
	defer policy.Close()
	file := container(t, "valid/default.ozc")
	report, err := policy.Validate(file, at)
	if err != nil {
		t.Fatal(err)
	}
	defer report.Close()
	var bytesRead bytes.Buffer
	if err := report.CopyEntry(&bytesRead, "mimetype", file); err != nil || bytesRead.String() != "application/x.ozcapsula-v1+zip" {
		t.Error(err, bytesRead.String())
	}
	if _, err := file.WriteAt([]byte("A"), 38); err != nil { // the first byte of mimetype
		t.Fatal(err)
	}
	var failed *Failed
	if err := report.CopyEntry(io.Discard, "mimetype", file); !errors.As(err, &failed) {
		t.Errorf("changed since: %v", err)
	}
	if err := report.CopyEntry(io.Discard, "none", file); !errors.As(err, &failed) {
		t.Errorf("no such entry: %v", err)
	}
}

func TestOneClaim(t *testing.T) {
	policy, err := load(t, settings)
	if err != nil {
		t.Fatal(err)
	}
	defer policy.Close()
	store, err := NewStore(10)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	file := container(t, "valid/default.ozc")
	results := make([]error, 50)
	var all sync.WaitGroup
	for i := range results {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			report, err := policy.Validate(file, at)
			if err == nil {
				err = report.Claim(store)
				report.Close()
			}
			results[i] = err
		}(i)
	}
	all.Wait()
	claims := 0
	for _, err := range results {
		var rejected *Rejected
		if err == nil {
			claims++
		} else if !errors.As(err, &rejected) || rejected.Rule != "session_token.replayed" {
			t.Error(err)
		}
	}
	if claims != 1 {
		t.Errorf("%d claims", claims)
	}
}
