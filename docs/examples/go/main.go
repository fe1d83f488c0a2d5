// Command ingest takes containers by HTTP: ingest --policy FILE [--port N] [--at SECONDS]
//
// POST a container to /containers: 201 with its content id and entries, or the exact error body of the API. --at judges all
// tokens at that time: for tests, whose tokens are old.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/ingest/ozcapsula"
)

type service struct {
	policy     *ozcapsula.Policy
	usedTokens *ozcapsula.Store
	at         time.Time
}

// What the validator would say of the whole (docs/rules.md, archive.limit), with the status that HTTP has for it.
var tooLarge = ozcapsula.Answer{
	Status: http.StatusRequestEntityTooLarge,
	Body:   []byte(`{"error_code":14,"error_message":"Data container unpacking failed","details":null}`),
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(w, "POST a container", http.StatusMethodNotAllowed)
		return
	}
	answer := s.take(w, r)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(answer.Status)
	if _, err := w.Write(answer.Body); err != nil {
		log.Printf("the client has gone: %v", err)
	}
}

// take spools the body to a file that has no name, so that nobody else writes to it, and judges it.
func (s *service) take(w http.ResponseWriter, r *http.Request) ozcapsula.Answer {
	if r.ContentLength > s.policy.ContainerLimit() {
		return tooLarge
	}
	upload, err := os.CreateTemp("", "upload-")
	if err != nil {
		return s.refuse(err)
	}
	defer upload.Close()
	if err := os.Remove(upload.Name()); err != nil {
		return s.refuse(err)
	}
	_, err = io.Copy(upload, http.MaxBytesReader(w, r.Body, s.policy.ContainerLimit()))
	var over *http.MaxBytesError
	if errors.As(err, &over) {
		return tooLarge
	}
	if err != nil {
		return s.refuse(err)
	}
	body, err := s.judge(upload)
	if err != nil {
		return s.refuse(err)
	}
	return ozcapsula.Answer{Status: http.StatusCreated, Body: body}
}

func (s *service) refuse(err error) ozcapsula.Answer {
	log.Print(err)
	return ozcapsula.AnswerOf(err)
}

// judge returns the body of a 201.
func (s *service) judge(upload *os.File) ([]byte, error) {
	report, err := s.policy.Validate(upload, s.at)
	if err != nil {
		return nil, err
	}
	defer report.Close()
	accepted := struct {
		ContentID string            `json:"content_id"`
		Entries   []ozcapsula.Entry `json:"entries"`
	}{report.ContentID(), report.Entries()}
	for _, entry := range accepted.Entries {
		// A service keeps these bytes, and no others.
		if err := report.CopyEntry(io.Discard, entry.Name, upload); err != nil {
			return nil, err
		}
	}
	body, err := json.Marshal(accepted)
	if err != nil {
		return nil, err
	}
	// Last: what is rejected uses up no token.
	return body, report.Claim(s.usedTokens)
}

func run() error {
	policyFile := flag.String("policy", "", "policy `file`")
	port := flag.Int("port", 8080, "port; 0 takes a free one")
	at := flag.Int64("at", -1, "judge at this time, in `seconds` since 1970: for tests")
	flag.Parse()

	policy, err := ozcapsula.LoadPolicy(*policyFile)
	if err != nil {
		return err
	}
	defer policy.Close()
	usedTokens, err := ozcapsula.NewStore(100000)
	if err != nil {
		return err
	}
	defer usedTokens.Close()
	s := &service{policy: policy, usedTokens: usedTokens}
	if *at >= 0 {
		s.at = time.Unix(*at, 0)
	}

	mux := http.NewServeMux()
	mux.Handle("/containers", s)
	server := &http.Server{Handler: mux, ReadTimeout: time.Minute, ReadHeaderTimeout: 10 * time.Second}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		return err
	}
	fmt.Printf("listening on %s\n", listener.Addr())

	// On a signal: nothing new, and what runs may end. Only then are policy and store freed.
	stop, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		<-stop.Done()
		ended <- server.Shutdown(context.Background())
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
