// The yardstick: a model-routing proxy as one writes it in Go. It reads the body, finds `model` in it, looks up where that
// model lives and lets httputil.ReverseProxy do the rest, flushing at once.
//
//	go run main.go -upstream http://127.0.0.1:9000 -listen 127.0.0.1:8080
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"
)

type router struct {
	models map[string]*httputil.ReverseProxy
}

// modelOf reads tokens until the key `model` of the outermost object: the rest of the body is not parsed.
func modelOf(body []byte) (string, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return "", errors.New("the body is not a JSON object")
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return "", err
		}
		if key == "model" {
			var model string
			return model, decoder.Decode(&model)
		}
		var skipped json.RawMessage
		if err := decoder.Decode(&skipped); err != nil {
			return "", err
		}
	}
	return "", errors.New("the body names no model")
}

func (r *router) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	model := ""
	if rest, ok := strings.CutPrefix(request.URL.Path, "/upstream/"); ok {
		model, request.URL.Path, _ = strings.Cut(rest, "/")
		request.URL.Path = "/" + request.URL.Path
	} else if model, err = modelOf(body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	proxy, ok := r.models[model]
	if !ok {
		http.Error(w, "no such model", http.StatusNotFound)
		return
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	request.ContentLength = int64(len(body))
	proxy.ServeHTTP(w, request)
}

func main() {
	upstream := flag.String("upstream", "", "URL of the model")
	listen := flag.String("listen", "", "where to listen")
	flag.Parse()
	target, err := url.Parse(*upstream)
	if err != nil {
		log.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.FlushInterval = -1
	proxy.Transport = &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		MaxIdleConns:        2000,
		MaxIdleConnsPerHost: 2000,
		IdleConnTimeout:     90 * time.Second,
		DisableCompression:  true,
	}
	log.Fatal(http.ListenAndServe(*listen, &router{models: map[string]*httputil.ReverseProxy{"m": proxy}}))
}
