package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/cli/pkg/kvfile"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/joho/godotenv"
	"go.yaml.in/yaml/v3"
)

// Reads one JSON line a case, {"format": …, "text": …}, and writes the names and values that the format's own parser finds, or the reason
// why it finds none as a string.
func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var one struct{ Format, Text string }
		if err := json.Unmarshal(in.Bytes(), &one); err != nil {
			panic(err)
		}
		found, err := read(one.Format, one.Text)
		if err != nil {
			err = out.Encode(err.Error())
		} else {
			err = out.Encode(found)
		}
		if err != nil {
			panic(err)
		}
	}
}

func read(format, text string) (any, error) {
	switch format {
	case "github":
		return godotenv.Parse(strings.NewReader(text))
	case "docker", "kestra":
		return pairs(kvfile.ParseFromReader(strings.NewReader(text), nil))
	case "tfvars":
		return terraform(text)
	case "kubernetes":
		return kubernetes(text)
	case "compose-secrets":
		return secrets(text)
	case "compose":
		return project(text)
	case "yaml", "anvil":
		var found any
		err := yaml.Unmarshal([]byte(text), &found)
		return found, err
	}
	return nil, fmt.Errorf("no such format: %s", format)
}

func pairs(lines []string, err error) (any, error) {
	found := map[string]string{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		found[name] = value
	}
	return found, err
}

func terraform(text string) (any, error) {
	file, faults := hclparse.NewParser().ParseHCL([]byte(text), "x.tfvars")
	if faults.HasErrors() {
		return nil, faults
	}
	attributes, faults := file.Body.JustAttributes()
	if faults.HasErrors() {
		return nil, faults
	}
	found := map[string]string{}
	for name, attribute := range attributes {
		value, faults := attribute.Expr.Value(nil)
		if faults.HasErrors() {
			return nil, faults
		}
		found[name] = value.AsString()
	}
	return found, nil
}

func kubernetes(text string) (any, error) {
	var secret struct {
		ApiVersion string `yaml:"apiVersion"`
		Kind       string
		Metadata   struct{ Name string }
		Type       string
		Data       map[string]string
	}
	if err := yaml.Unmarshal([]byte(text), &secret); err != nil {
		return nil, err
	}
	found := map[string]string{"": strings.Join([]string{secret.ApiVersion, secret.Kind, secret.Metadata.Name, secret.Type}, " ")}
	for name, value := range secret.Data {
		bytes, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			return nil, err
		}
		found[name] = string(bytes)
	}
	return found, nil
}

// The environment that each secret comes from, as Compose's own loader has it.
func secrets(text string) (any, error) {
	project, err := project("services: {}\n" + text)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for name, secret := range project.Secrets {
		found[name] = secret.Environment
	}
	return found, nil
}

func project(text string) (*types.Project, error) {
	return loader.LoadWithContext(context.Background(), types.ConfigDetails{
		WorkingDir:  "/",
		ConfigFiles: []types.ConfigFile{{Filename: "compose.yaml", Content: []byte(text)}},
		Environment: types.Mapping{"SOPS_AGE_KEY_FILE": "/home/app/keys.txt"},
	}, func(o *loader.Options) { o.SetProjectName("x", true) })
}
