package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/sirupsen/logrus"
)

// Reads one JSON line a case, {"text": …, "env": {…}}, and writes what compose-go makes of it: a map, or null where it refuses.
func main() {
	logrus.SetLevel(logrus.PanicLevel)
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var one struct {
			Text string
			Env  map[string]string
		}
		if err := json.Unmarshal(in.Bytes(), &one); err != nil {
			panic(err)
		}
		found, err := dotenv.ParseWithLookup(strings.NewReader(one.Text), func(name string) (string, bool) {
			value, ok := one.Env[name]
			return value, ok
		})
		if err != nil {
			found = nil
		}
		if err := out.Encode(found); err != nil {
			panic(err)
		}
	}
}
