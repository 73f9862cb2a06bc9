#!/bin/sh
set -eu
umask 077
mkdir -p /etc/credstore.encrypted
lockstep keygen | systemd-creds encrypt --name=age-key - /etc/credstore.encrypted/age-key
