// Package ozcapsula checks OzCapsula data containers with libozcapsula. It is one file, to be copied.
//
// A verdict is an error: nil for a valid container, *Rejected with HTTP status and body for what the container is at fault
// for, *Failed where it could not be checked. Policies and stores are for any number of goroutines, a report is for one at
// a time. Close frees at once; what is forgotten is freed by a finalizer.
package ozcapsula

/*
#cgo pkg-config: ozcapsula
#include <stdlib.h>
#include <ozcapsula.h>

static ozc_call call_at(int64_t now)
{
    ozc_call call = OZC_CALL_INIT;
    if (now >= 0) {
        call.time = OZC_TIME_GIVEN;
        call.now = now;
    }
    return call;
}
*/
import "C"

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"
	"unsafe"
)

// ErrMisuse is a wrong argument or setting: a bug, or a bad configuration found at start.
var ErrMisuse = errors.New("ozcapsula: misuse")

// An Answer goes to the client as it is.
type Answer struct {
	Status int
	Body   []byte
}

// Rejected says that the container is at fault.
type Rejected struct {
	Rule   string // for the log: "hash.mismatch"
	Answer Answer
}

func (e *Rejected) Error() string { return "rejected: " + e.Rule }

// Failed says that the container could not be checked: no verdict.
type Failed struct {
	Why    string // for the log
	Answer Answer
}

func (e *Failed) Error() string { return "could not be checked: " + e.Why }

// NewFailed is for what the service itself could not do, answered as the library answers its own failures.
func NewFailed(why string) *Failed {
	return &Failed{Why: why, Answer: answerOf(nil)}
}

// AnswerOf is what to send to the client for an error of this package, or of any other.
func AnswerOf(err error) Answer {
	var rejected *Rejected
	var failed *Failed
	switch {
	case errors.As(err, &rejected):
		return rejected.Answer
	case errors.As(err, &failed):
		return failed.Answer
	}
	return answerOf(nil)
}

func answerOf(report *C.ozc_report) Answer {
	body := C.ozc_render_oz(report, 0)
	defer C.ozc_free(unsafe.Pointer(body))
	return Answer{int(C.ozc_report_http_status(report, C.OZC_API_OZ)), []byte(C.GoString(body))}
}

// A Policy is what is trusted and allowed.
type Policy struct{ policy *C.ozc_policy }

// LoadPolicy reads a policy file (docs/policy.md); key files that it names are looked up beside it.
func LoadPolicy(path string) (*Policy, error) {
	settings, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	folder := C.CString(filepath.Dir(path))
	defer C.free(unsafe.Pointer(folder))
	text := C.CBytes(settings)
	defer C.free(text)
	p := &Policy{C.ozc_policy_new()}
	runtime.SetFinalizer(p, (*Policy).Close)
	if C.ozc_policy_load_json(p.policy, text, C.size_t(len(settings)), folder) != C.OZC_VALID {
		err := fmt.Errorf("%w: %s: %s", ErrMisuse, path, C.GoString(C.ozc_policy_error(p.policy)))
		p.Close()
		return nil, err
	}
	var why *C.char
	if C.ozc_policy_ready(p.policy, &why) != C.OZC_VALID {
		p.Close()
		return nil, fmt.Errorf("%w: %s: %s", ErrMisuse, path, C.GoString(why))
	}
	return p, nil
}

// Close frees the policy, when nothing uses it any more.
func (p *Policy) Close() {
	C.ozc_policy_free(p.policy)
	p.policy = nil
	runtime.SetFinalizer(p, nil)
}

// ContainerLimit is the largest container, in bytes.
func (p *Policy) ContainerLimit() int64 {
	defer runtime.KeepAlive(p)
	return int64(C.ozc_policy_limit(p.policy, C.OZC_LIMIT_CONTAINER))
}

// A Store holds the used tokens of this process.
type Store struct{ store *C.ozc_store }

// NewStore makes a store for at most capacity live tokens.
func NewStore(capacity int) (*Store, error) {
	store := C.ozc_store_new_memory(C.size_t(capacity))
	if store == nil {
		return nil, fmt.Errorf("%w: a store of %d tokens", ErrMisuse, capacity)
	}
	s := &Store{store}
	runtime.SetFinalizer(s, (*Store).Close)
	return s, nil
}

// Close frees the store, when nothing uses it any more.
func (s *Store) Close() {
	C.ozc_store_free(s.store)
	s.store = nil
	runtime.SetFinalizer(s, nil)
}

// An Entry is one of a valid container.
type Entry struct {
	Name   string `json:"name"`
	Size   uint64 `json:"size"`
	SHA256 string `json:"sha256"`
}

// A Report is of a valid container, until Claim says otherwise.
type Report struct{ report *C.ozc_report }

// Validate judges a regular file by its descriptor; its offset does not move. A zero time: the clock's.
func (p *Policy) Validate(file *os.File, at time.Time) (*Report, error) {
	now := int64(-1)
	if !at.IsZero() {
		now = at.Unix()
	}
	call := C.call_at(C.int64_t(now))
	r := &Report{}
	result := C.ozc_validate_fd(p.policy, C.int(file.Fd()), &call, &r.report)
	runtime.KeepAlive(p)
	runtime.KeepAlive(file)
	runtime.SetFinalizer(r, (*Report).Close)
	if err := r.err(result); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// err turns a result into an error; a report that there was no memory for is a failure too.
func (r *Report) err(result C.ozc_result) error {
	defer runtime.KeepAlive(r)
	switch result {
	case C.OZC_VALID:
		return nil
	case C.OZC_REJECTED:
		return &Rejected{C.GoString(C.ozc_report_rule(r.report).id), answerOf(r.report)}
	case C.OZC_MISUSE:
		return ErrMisuse
	}
	return &Failed{C.GoString(C.ozc_report_failure(r.report)), answerOf(r.report)}
}

// Close frees the report.
func (r *Report) Close() {
	C.ozc_report_free(r.report)
	r.report = nil
	runtime.SetFinalizer(r, nil)
}

// ContentID names the content, in hex.
func (r *Report) ContentID() string {
	defer runtime.KeepAlive(r)
	return hexOf(C.ozc_report_content_id(r.report))
}

// Entries are in file order.
func (r *Report) Entries() []Entry {
	defer runtime.KeepAlive(r)
	entries := make([]Entry, C.ozc_report_entry_count(r.report))
	for i := range entries {
		entry := C.ozc_report_entry(r.report, C.size_t(i))
		entries[i] = Entry{C.GoString(entry.name), uint64(entry.size), hexOf(entry.sha256)}
	}
	return entries
}

func hexOf(digest *C.uchar) string {
	if digest == nil {
		return ""
	}
	return hex.EncodeToString(C.GoBytes(unsafe.Pointer(digest), 32))
}

// CopyEntry writes the verified bytes of one entry from the very file that was judged. Where it returns an error, nothing
// that was written may be used: the file has changed, or could not be read.
func (r *Report) CopyEntry(to io.Writer, entry string, file *os.File) error {
	name := C.CString(entry)
	defer C.free(unsafe.Pointer(name))
	var reader *C.ozc_reader
	if C.ozc_reader_new_fd(r.report, name, C.int(file.Fd()), &reader) != C.OZC_VALID {
		return NewFailed(entry + ": cannot be opened")
	}
	defer runtime.KeepAlive(file)
	defer runtime.KeepAlive(r)
	defer C.ozc_reader_free(reader)
	buffer := make([]byte, 65536)
	for {
		var got C.size_t
		if C.ozc_reader_read(reader, unsafe.Pointer(&buffer[0]), C.size_t(len(buffer)), &got) != C.OZC_VALID {
			return NewFailed(entry + ": cannot be read, or is not what was verified")
		}
		if got == 0 {
			return nil
		}
		if _, err := to.Write(buffer[:got]); err != nil {
			return err
		}
	}
}

// Claim uses up the token: the last step before the container is accepted. nil: this was its first use.
func (r *Report) Claim(usedTokens *Store) error {
	defer runtime.KeepAlive(usedTokens)
	return r.err(C.ozc_report_claim(r.report, usedTokens.store))
}
