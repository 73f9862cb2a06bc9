package main

import (
	"errors"
	"fmt"

	"github.com/getsops/sops/v3/decrypt"
	"go.yaml.in/yaml/v3"
)

type Secrets struct {
	DB struct {
		User     string `yaml:"user"`
		Password string `yaml:"password"`
	} `yaml:"db"`
}

// ReadSecrets decrypts a file in memory, and checks its MAC.
func ReadSecrets(path string) (*Secrets, error) {
	plaintext, err := decrypt.File(path, "yaml")
	if err != nil {
		return nil, fmt.Errorf("%s does not open: %w", path, err)
	}
	defer clear(plaintext)
	var secrets Secrets
	if yaml.Unmarshal(plaintext, &secrets) != nil {
		// The error of the parser quotes values.
		return nil, errors.New(path + " has other entries than this program expects")
	}
	return &secrets, nil
}
