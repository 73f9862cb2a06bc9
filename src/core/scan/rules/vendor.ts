// Made by test/corpus/vendor.mjs from the rules of gitleaks 8.30.1 (MIT, Copyright (c) 2019 Zachary Rice). Do not edit.
import type { Rule } from './rule.ts';

/** Tokens that services give out, each known by a pattern of its own. */
export const vendorRules: readonly Rule[] = [
  {
    id: '1password-secret-key',
    words: ['a3-'],
    pattern: /\bA3-[A-Z0-9]{6}-(?:(?:[A-Z0-9]{11})|(?:[A-Z0-9]{6}-[A-Z0-9]{5}))-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}\b/,
    least: 3.8,
  },
  { id: '1password-service-account-token', words: ['ops_'], pattern: /ops_eyJ[a-zA-Z0-9+/]{250,}={0,3}/, least: 4 },
  {
    id: 'adafruit-api-key',
    words: ['adafruit'],
    pattern:
      /[\w.-]{0,50}?(?:[aA][dD][aA][fF][rR][uU][iI][tT])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9_A-Z-]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'adobe-client-id',
    words: ['adobe'],
    pattern:
      /[\w.-]{0,50}?(?:[aA][dD][oO][bB][eE])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-f0-9A-F]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 2,
  },
  { id: 'adobe-client-secret', words: ['p8e-'], pattern: /\b(p8e-[a-z0-9A-Z]{32})(?:[\x60'"\s;]|\\[nr]|$)/, least: 2 },
  {
    id: 'age-secret-key',
    words: ['age-secret-key-1'],
    pattern: /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/,
    least: 0,
  },
  {
    id: 'airtable-api-key',
    words: ['airtable'],
    pattern:
      /[\w.-]{0,50}?(?:[aA][iI][rR][tT][aA][bB][lL][eE])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{17})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'airtable-personnal-access-token',
    words: ['airtable'],
    pattern: /\b(pat[a-zA-Z0-9]{14}\.[a-f0-9]{64})\b/,
    least: 0,
  },
  {
    id: 'algolia-api-key',
    words: ['algolia'],
    pattern:
      /[\w.-]{0,50}?(?:[aA][lL][gG][oO][lL][iI][aA])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'alibaba-access-key-id',
    words: ['ltai'],
    pattern: /\b(LTAI[a-z0-9A-Z]{20})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 2,
  },
  {
    id: 'alibaba-secret-key',
    words: ['alibaba'],
    pattern:
      /[\w.-]{0,50}?(?:[aA][lL][iI][bB][aA][bB][aA])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{30})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 2,
  },
  {
    id: 'anthropic-admin-api-key',
    words: ['sk-ant-admin01'],
    pattern: /\b(sk-ant-admin01-[a-zA-Z0-9_-]{93}AA)(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 0,
  },
  {
    id: 'anthropic-api-key',
    words: ['sk-ant-api03'],
    pattern: /\b(sk-ant-api03-[a-zA-Z0-9_-]{93}AA)(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 0,
  },
  { id: 'artifactory-api-key', words: ['akcp'], pattern: /\bAKCp[A-Za-z0-9]{69}\b/, least: 4.5 },
  { id: 'artifactory-reference-token', words: ['cmvmd'], pattern: /\bcmVmd[A-Za-z0-9]{59}\b/, least: 4.5 },
  {
    id: 'asana-client-id',
    words: ['asana'],
    pattern:
      /[\w.-]{0,50}?(?:[aA][sS][aA][nN][aA])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([0-9]{16})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'asana-client-secret',
    words: ['asana'],
    pattern:
      /[\w.-]{0,50}?(?:[aA][sS][aA][nN][aA])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'atlassian-api-token',
    words: ['atlassian', 'confluence', 'jira', 'atatt3'],
    pattern:
      /[\w.-]{0,50}?(?:(?:ATLASSIAN|[Aa]tlassian)|(?:CONFLUENCE|[Cc]onfluence)|(?:JIRA|[Jj]ira))(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{20}[a-f0-9A-F]{4})(?:[\x60'"\s;]|\\[nrNR]|$)|\b([aA][tT][aA][tT][tT]3[A-Za-z0-9_\-=]{186})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 3.5,
  },
  {
    id: 'authress-service-client-access-key',
    words: ['sc_', 'ext_', 'scauth_', 'authress_'],
    pattern:
      /\b((?:sc|ext|scauth|authress)_[a-z0-9A-Z]{5,30}\.[a-z0-9A-Z]{4,6}\.(?:acc)[_-][a-z0-9A-Z-]{10,32}\.[a-z0-9+/_=A-Z-]{30,120})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 2,
  },
  {
    id: 'aws-access-token',
    words: ['a3t', 'akia', 'asia', 'abia', 'acca'],
    pattern: /\b((?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\b/,
    least: 3,
  },
  {
    id: 'aws-amazon-bedrock-api-key-long-lived',
    words: ['absk'],
    pattern: /\b(ABSK[A-Za-z0-9+/]{109,269}={0,2})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  {
    id: 'aws-amazon-bedrock-api-key-short-lived',
    words: ['bedrock-api-key-'],
    pattern: /bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t/,
    least: 3,
  },
  {
    id: 'azure-ad-client-secret',
    words: ['q~'],
    pattern: /(?:^|[\\'"\x60\s>=:(,)])([a-zA-Z0-9_~.]{3}\dQ~[a-zA-Z0-9_~.-]{31,34})(?:$|[\\'"\x60\s<),])/,
    least: 3,
  },
  {
    id: 'beamer-api-token',
    words: ['beamer'],
    pattern:
      /[\w.-]{0,50}?(?:[bB][eE][aA][mM][eE][rR])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([bB]_[a-z0-9=_\-A-Z]{44})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'bitbucket-client-id',
    words: ['bitbucket'],
    pattern:
      /[\w.-]{0,50}?(?:[bB][iI][tT][bB][uU][cC][kK][eE][tT])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'bitbucket-client-secret',
    words: ['bitbucket'],
    pattern:
      /[\w.-]{0,50}?(?:[bB][iI][tT][bB][uU][cC][kK][eE][tT])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9=_\-A-Z]{64})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'bittrex-access-key',
    words: ['bittrex'],
    pattern:
      /[\w.-]{0,50}?(?:[bB][iI][tT][tT][rR][eE][xX])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'bittrex-secret-key',
    words: ['bittrex'],
    pattern:
      /[\w.-]{0,50}?(?:[bB][iI][tT][tT][rR][eE][xX])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'cisco-meraki-api-key',
    words: ['meraki'],
    pattern:
      /[\w.-]{0,50}?(?:[\w.-]{0,50}?(?:(?:[Mm]eraki|MERAKI))(?:[ \t\w.-]{0,20})[\s'"]{0,3})(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([0-9a-f]{40})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  { id: 'clickhouse-cloud-api-secret-key', words: ['4b1d'], pattern: /\b(4b1d[A-Za-z0-9]{38})\b/, least: 3 },
  { id: 'clojars-api-token', words: ['clojars_'], pattern: /[cC][lL][oO][jJ][aA][rR][sS]_[a-z0-9A-Z]{60}/, least: 2 },
  {
    id: 'cloudflare-api-key',
    words: ['cloudflare'],
    pattern:
      /[\w.-]{0,50}?(?:[cC][lL][oO][uU][dD][fF][lL][aA][rR][eE])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9_A-Z-]{40})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 2,
  },
  {
    id: 'cloudflare-global-api-key',
    words: ['cloudflare'],
    pattern:
      /[\w.-]{0,50}?(?:[cC][lL][oO][uU][dD][fF][lL][aA][rR][eE])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-f0-9A-F]{37})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 2,
  },
  {
    id: 'cloudflare-origin-ca-key',
    words: ['cloudflare', 'v1.0-'],
    pattern: /\b(v1\.0-[a-f0-9]{24}-[a-f0-9]{146})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 2,
  },
  {
    id: 'codecov-access-token',
    words: ['codecov'],
    pattern:
      /[\w.-]{0,50}?(?:[cC][oO][dD][eE][cC][oO][vV])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'cohere-api-token',
    words: ['cohere', 'co_api_key'],
    pattern:
      /[\w.-]{0,50}?(?:[\w.-]{0,50}?(?:[cC][oO][hH][eE][rR][eE]|[cC][oO]_[aA][pP][iI]_[kK][eE][yY])(?:[ \t\w.-]{0,20})[\s'"]{0,3})(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-zA-Z0-9]{40})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 4,
  },
  {
    id: 'coinbase-access-token',
    words: ['coinbase'],
    pattern:
      /[\w.-]{0,50}?(?:[cC][oO][iI][nN][bB][aA][sS][eE])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9_A-Z-]{64})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'confluent-access-token',
    words: ['confluent'],
    pattern:
      /[\w.-]{0,50}?(?:[cC][oO][nN][fF][lL][uU][eE][nN][tT])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{16})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'confluent-secret-key',
    words: ['confluent'],
    pattern:
      /[\w.-]{0,50}?(?:[cC][oO][nN][fF][lL][uU][eE][nN][tT])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{64})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'contentful-delivery-api-token',
    words: ['contentful'],
    pattern:
      /[\w.-]{0,50}?(?:[cC][oO][nN][tT][eE][nN][tT][fF][uU][lL])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9=_\-A-Z]{43})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'curl-auth-header',
    words: ['curl'],
    pattern:
      /\bcurl\b(?:.*?|.*?(?:[\r\n]{1,2}.*?){1,5})[ \t\n\r](?:-H|--header)(?:=|[ \t]{0,5})(?:"(?:[aA][uU][tT][hH][oO][rR][iI][zZ][aA][tT][iI][oO][nN]:[ \t]{0,5}(?:[bB][aA][sS][iI][cC][ \t]([a-z0-9+/A-Z]{8,}={0,3})|(?:[bB][eE][aA][rR][eE][rR]|(?:[aA][pP][iI]-)?[tT][oO][kK][eE][nN])[ \t]([\w=~@.+/-]{8,})|([\w=~@.+/-]{8,}))|(?:(?:[xX]-(?:[a-zA-Z]+-)?)?(?:[aA][pP][iI]-?)?(?:[kK][eE][yY]|[tT][oO][kK][eE][nN])):[ \t]{0,5}([\w=~@.+/-]{8,}))"|'(?:[aA][uU][tT][hH][oO][rR][iI][zZ][aA][tT][iI][oO][nN]:[ \t]{0,5}(?:[bB][aA][sS][iI][cC][ \t]([a-z0-9+/A-Z]{8,}={0,3})|(?:[bB][eE][aA][rR][eE][rR]|(?:[aA][pP][iI]-)?[tT][oO][kK][eE][nN])[ \t]([\w=~@.+/-]{8,})|([\w=~@.+/-]{8,}))|(?:(?:[xX]-(?:[a-zA-Z]+-)?)?(?:[aA][pP][iI]-?)?(?:[kK][eE][yY]|[tT][oO][kK][eE][nN])):[ \t]{0,5}([\w=~@.+/-]{8,}))')(?:\B|\s|$)/,
    least: 2.75,
  },
  {
    id: 'databricks-api-token',
    words: ['dapi'],
    pattern: /\b(dapi[a-f0-9]{32}(?:-\d)?)(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  {
    id: 'datadog-access-token',
    words: ['datadog'],
    pattern:
      /[\w.-]{0,50}?(?:[dD][aA][tT][aA][dD][oO][gG])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{40})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'defined-networking-api-token',
    words: ['dnkey'],
    pattern:
      /[\w.-]{0,50}?(?:[dD][nN][kK][eE][yY])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([dD][nN][kK][eE][yY]-[a-z0-9=_\-A-Z]{26}-[a-z0-9=_\-A-Z]{52})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'digitalocean-access-token',
    words: ['doo_v1_'],
    pattern: /\b(doo_v1_[a-f0-9]{64})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  { id: 'digitalocean-pat', words: ['dop_v1_'], pattern: /\b(dop_v1_[a-f0-9]{64})(?:[\x60'"\s;]|\\[nr]|$)/, least: 3 },
  {
    id: 'digitalocean-refresh-token',
    words: ['dor_v1_'],
    pattern: /\b([dD][oO][rR]_[vV]1_[a-f0-9A-F]{64})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'discord-api-token',
    words: ['discord'],
    pattern:
      /[\w.-]{0,50}?(?:[dD][iI][sS][cC][oO][rR][dD])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-f0-9A-F]{64})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'discord-client-id',
    words: ['discord'],
    pattern:
      /[\w.-]{0,50}?(?:[dD][iI][sS][cC][oO][rR][dD])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([0-9]{18})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 2,
  },
  {
    id: 'discord-client-secret',
    words: ['discord'],
    pattern:
      /[\w.-]{0,50}?(?:[dD][iI][sS][cC][oO][rR][dD])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9=_\-A-Z]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 2,
  },
  { id: 'doppler-api-token', words: ['dp.pt.'], pattern: /dp\.pt\.[a-z0-9A-Z]{43}/, least: 2 },
  {
    id: 'droneci-access-token',
    words: ['droneci'],
    pattern:
      /[\w.-]{0,50}?(?:[dD][rR][oO][nN][eE][cC][iI])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'dropbox-api-token',
    words: ['dropbox'],
    pattern:
      /[\w.-]{0,50}?(?:[dD][rR][oO][pP][bB][oO][xX])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{15})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'dropbox-long-lived-api-token',
    words: ['dropbox'],
    pattern:
      /[\w.-]{0,50}?(?:[dD][rR][oO][pP][bB][oO][xX])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{11}([aA][aA][aA][aA][aA][aA][aA][aA][aA][aA])[a-z0-9\-_=A-Z]{43})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'dropbox-short-lived-api-token',
    words: ['dropbox'],
    pattern:
      /[\w.-]{0,50}?(?:[dD][rR][oO][pP][bB][oO][xX])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([sS][lL]\.[a-z0-9\-=_A-Z]{135})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  { id: 'duffel-api-token', words: ['duffel_'], pattern: /duffel_(?:test|live)_[a-z0-9_\-=A-Z]{43}/, least: 2 },
  { id: 'dynatrace-api-token', words: ['dt0c01.'], pattern: /dt0c01\.[a-z0-9A-Z]{24}\.[a-z0-9A-Z]{64}/, least: 4 },
  { id: 'easypost-api-token', words: ['ezak'], pattern: /\bEZAK[a-z0-9A-Z]{54}\b/, least: 2 },
  { id: 'easypost-test-api-token', words: ['eztk'], pattern: /\bEZTK[a-z0-9A-Z]{54}\b/, least: 2 },
  {
    id: 'etsy-access-token',
    words: ['etsy'],
    pattern:
      /[\w.-]{0,50}?(?:(?:ETSY|[Ee]tsy))(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{24})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 3,
  },
  {
    id: 'facebook-access-token',
    words: ['facebook'],
    pattern: /\b(\d{15,16}(\||%)[0-9a-z\-_A-Z]{27,40})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 3,
  },
  {
    id: 'facebook-page-access-token',
    words: ['eaam', 'eaac'],
    pattern: /\b(EAA[MC][a-z0-9A-Z]{100,})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 4,
  },
  {
    id: 'facebook-secret',
    words: ['facebook'],
    pattern:
      /[\w.-]{0,50}?(?:[fF][aA][cC][eE][bB][oO][oO][kK])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-f0-9A-F]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 3,
  },
  {
    id: 'fastly-api-token',
    words: ['fastly'],
    pattern:
      /[\w.-]{0,50}?(?:[fF][aA][sS][tT][lL][yY])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9=_\-A-Z]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'finicity-api-token',
    words: ['finicity'],
    pattern:
      /[\w.-]{0,50}?(?:[fF][iI][nN][iI][cC][iI][tT][yY])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-f0-9A-F]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'finicity-client-secret',
    words: ['finicity'],
    pattern:
      /[\w.-]{0,50}?(?:[fF][iI][nN][iI][cC][iI][tT][yY])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{20})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'finnhub-access-token',
    words: ['finnhub'],
    pattern:
      /[\w.-]{0,50}?(?:[fF][iI][nN][nN][hH][uU][bB])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{20})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'flickr-access-token',
    words: ['flickr'],
    pattern:
      /[\w.-]{0,50}?(?:[fF][lL][iI][cC][kK][rR])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  { id: 'flutterwave-encryption-key', words: ['flwseck_test'], pattern: /FLWSECK_TEST-[a-h0-9A-H]{12}/, least: 2 },
  { id: 'flutterwave-public-key', words: ['flwpubk_test'], pattern: /FLWPUBK_TEST-[a-h0-9A-H]{32}-[xX]/, least: 2 },
  { id: 'flutterwave-secret-key', words: ['flwseck_test'], pattern: /FLWSECK_TEST-[a-h0-9A-H]{32}-[xX]/, least: 2 },
  {
    id: 'flyio-access-token',
    words: ['fo1_', 'fm1', 'fm2_'],
    pattern:
      /\b((?:fo1_[\w-]{43}|fm1[ar]_[a-zA-Z0-9+/]{100,}={0,3}|fm2_[a-zA-Z0-9+/]{100,}={0,3}))(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 4,
  },
  { id: 'frameio-api-token', words: ['fio-u-'], pattern: /fio-u-[a-z0-9\-_=A-Z]{64}/, least: 0 },
  {
    id: 'freemius-secret-key',
    words: ['secret_key'],
    pattern: /["'][sS][eE][cC][rR][eE][tT]_[kK][eE][yY]["']\s*=>\s*["']([sS][kK]_[\S]{29})["']/,
    least: 0,
    path: /\.php$/i,
  },
  {
    id: 'freshbooks-access-token',
    words: ['freshbooks'],
    pattern:
      /[\w.-]{0,50}?(?:[fF][rR][eE][sS][hH][bB][oO][oO][kK][sS])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{64})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  { id: 'gcp-api-key', words: ['aiza'], pattern: /\b(AIza[\w-]{35})(?:[\x60'"\s;]|\\[nr]|$)/, least: 4 },
  { id: 'github-app-token', words: ['ghu_', 'ghs_'], pattern: /(?:ghu|ghs)_[0-9a-zA-Z]{36}/, least: 3 },
  { id: 'github-fine-grained-pat', words: ['github_pat_'], pattern: /github_pat_\w{82}/, least: 3 },
  { id: 'github-oauth', words: ['gho_'], pattern: /gho_[0-9a-zA-Z]{36}/, least: 3 },
  { id: 'github-pat', words: ['ghp_'], pattern: /ghp_[0-9a-zA-Z]{36}/, least: 3 },
  { id: 'github-refresh-token', words: ['ghr_'], pattern: /ghr_[0-9a-zA-Z]{36}/, least: 3 },
  { id: 'gitlab-cicd-job-token', words: ['glcbt-'], pattern: /glcbt-[0-9a-zA-Z]{1,5}_[0-9a-zA-Z_-]{20}/, least: 3 },
  { id: 'gitlab-deploy-token', words: ['gldt-'], pattern: /gldt-[0-9a-zA-Z_-]{20}/, least: 3 },
  { id: 'gitlab-feature-flag-client-token', words: ['glffct-'], pattern: /glffct-[0-9a-zA-Z_-]{20}/, least: 3 },
  { id: 'gitlab-feed-token', words: ['glft-'], pattern: /glft-[0-9a-zA-Z_-]{20}/, least: 3 },
  { id: 'gitlab-incoming-mail-token', words: ['glimt-'], pattern: /glimt-[0-9a-zA-Z_-]{25}/, least: 3 },
  { id: 'gitlab-kubernetes-agent-token', words: ['glagent-'], pattern: /glagent-[0-9a-zA-Z_-]{50}/, least: 3 },
  { id: 'gitlab-oauth-app-secret', words: ['gloas-'], pattern: /gloas-[0-9a-zA-Z_-]{64}/, least: 3 },
  { id: 'gitlab-pat', words: ['glpat-'], pattern: /glpat-[\w-]{20}/, least: 3 },
  {
    id: 'gitlab-pat-routable',
    words: ['glpat-'],
    pattern: /\bglpat-[0-9a-zA-Z_-]{27,300}\.[0-9a-z]{2}[0-9a-z]{7}\b/,
    least: 4,
  },
  { id: 'gitlab-ptt', words: ['glptt-'], pattern: /glptt-[0-9a-f]{40}/, least: 3 },
  { id: 'gitlab-rrt', words: ['gr1348941'], pattern: /GR1348941[\w-]{20}/, least: 3 },
  { id: 'gitlab-runner-authentication-token', words: ['glrt-'], pattern: /glrt-[0-9a-zA-Z_-]{20}/, least: 3 },
  {
    id: 'gitlab-runner-authentication-token-routable',
    words: ['glrt-'],
    pattern: /\bglrt-t\d_[0-9a-zA-Z_-]{27,300}\.[0-9a-z]{2}[0-9a-z]{7}\b/,
    least: 4,
  },
  { id: 'gitlab-scim-token', words: ['glsoat-'], pattern: /glsoat-[0-9a-zA-Z_-]{20}/, least: 3 },
  { id: 'gitlab-session-cookie', words: ['_gitlab_session='], pattern: /_gitlab_session=[0-9a-z]{32}/, least: 3 },
  {
    id: 'gitter-access-token',
    words: ['gitter'],
    pattern:
      /[\w.-]{0,50}?(?:[gG][iI][tT][tT][eE][rR])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9_A-Z-]{40})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'gocardless-api-token',
    words: ['live_', 'gocardless'],
    pattern:
      /[\w.-]{0,50}?(?:[gG][oO][cC][aA][rR][dD][lL][eE][sS][sS])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([lL][iI][vV][eE]_[a-z0-9\-_=A-Z]{40})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'grafana-api-key',
    words: ['eyjrijoi'],
    pattern: /\b([eE][yY][jJ][rR][iI][jJ][oO][iI][A-Za-z0-9]{70,400}={0,3})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 3,
  },
  {
    id: 'grafana-cloud-api-token',
    words: ['glc_'],
    pattern: /\b([gG][lL][cC]_[A-Za-z0-9+/]{32,400}={0,3})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 3,
  },
  {
    id: 'grafana-service-account-token',
    words: ['glsa_'],
    pattern: /\b([gG][lL][sS][aA]_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 3,
  },
  {
    id: 'harness-api-key',
    words: ['pat.', 'sat.'],
    pattern: /(?:pat|sat)\.[a-zA-Z0-9_-]{22}\.[a-zA-Z0-9]{24}\.[a-zA-Z0-9]{20}/,
    least: 0,
  },
  {
    id: 'hashicorp-tf-api-token',
    words: ['atlasv1'],
    pattern: /[a-z0-9A-Z]{14}\.(?:atlasv1)\.[a-z0-9\-_=A-Z]{60,70}/,
    least: 3.5,
  },
  {
    id: 'heroku-api-key',
    words: ['heroku'],
    pattern:
      /[\w.-]{0,50}?(?:[hH][eE][rR][oO][kK][uU])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'heroku-api-key-v2',
    words: ['hrku-aa'],
    pattern: /\b((HRKU-AA[0-9a-zA-Z_-]{58}))(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 4,
  },
  {
    id: 'hubspot-api-key',
    words: ['hubspot'],
    pattern:
      /[\w.-]{0,50}?(?:[hH][uU][bB][sS][pP][oO][tT])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'huggingface-access-token',
    words: ['hf_'],
    pattern: /\b(hf_(?:[a-zA-Z]{34}))(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 2,
  },
  {
    id: 'huggingface-organization-api-token',
    words: ['api_org_'],
    pattern: /\b(api_org_(?:[a-zA-Z]{34}))(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 2,
  },
  { id: 'infracost-api-token', words: ['ico-'], pattern: /\b(ico-[a-zA-Z0-9]{32})(?:[\x60'"\s;]|\\[nr]|$)/, least: 3 },
  {
    id: 'intercom-api-key',
    words: ['intercom'],
    pattern:
      /[\w.-]{0,50}?(?:[iI][nN][tT][eE][rR][cC][oO][mM])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9=_\-A-Z]{60})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'intra42-client-secret',
    words: ['intra', 's-s4t2ud-', 's-s4t2af-'],
    pattern: /\b(s-s4t2(?:ud|af)-[abcdef0123456789ABCDEF]{64})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  {
    id: 'jfrog-api-key',
    words: ['jfrog', 'artifactory', 'bintray', 'xray'],
    pattern:
      /[\w.-]{0,50}?(?:[jJ][fF][rR][oO][gG]|[aA][rR][tT][iI][fF][aA][cC][tT][oO][rR][yY]|[bB][iI][nN][tT][rR][aA][yY]|[xX][rR][aA][yY])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{73})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'jfrog-identity-token',
    words: ['jfrog', 'artifactory', 'bintray', 'xray'],
    pattern:
      /[\w.-]{0,50}?(?:[jJ][fF][rR][oO][gG]|[aA][rR][tT][iI][fF][aA][cC][tT][oO][rR][yY]|[bB][iI][nN][tT][rR][aA][yY]|[xX][rR][aA][yY])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{64})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'jwt',
    words: ['ey'],
    pattern:
      /\b(ey[a-zA-Z0-9]{17,}\.ey[a-zA-Z0-9/\\_-]{17,}\.(?:[a-zA-Z0-9/\\_-]{10,}={0,2})?)(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  {
    id: 'jwt-base64',
    words: ['zxlk'],
    pattern:
      /\bZXlK(?:(?:aGJHY2lPaU)|(?:aGNIVWlPaU)|(?:aGNIWWlPaU)|(?:aGRXUWlPaU)|(?:aU5qUWlP)|(?:amNtbDBJanBi)|(?:amRIa2lPaU)|(?:bGNHc2lPbn)|(?:bGJtTWlPaU)|(?:cWEzVWlPaU)|(?:cWQyc2lPb)|(?:cGMzTWlPaU)|(?:cGRpSTZJ)|(?:cmFXUWlP)|(?:clpYbGZiM0J6SWpwY)|(?:cmRIa2lPaUp)|(?:dWIyNWpaU0k2)|(?:d01tTWlP)|(?:d01uTWlPaU)|(?:d2NIUWlPaU)|(?:emRXSWlPaU)|(?:emRuUWlP)|(?:MFlXY2lPaU)|(?:MGVYQWlPaUp)|(?:MWNtd2l)|(?:MWMyVWlPaUp)|(?:MlpYSWlPaU)|(?:MlpYSnphVzl1SWpv)|(?:NElqb2)|(?:NE5XTWlP)|(?:NE5YUWlPaU)|(?:NE5YUWpVekkxTmlJNkl)|(?:NE5YVWlPaU)|(?:NmFYQWlPaU))[a-zA-Z0-9/\\_+\-\r\n]{40,}={0,2}/,
    least: 2,
  },
  {
    id: 'kraken-access-token',
    words: ['kraken'],
    pattern:
      /[\w.-]{0,50}?(?:[kK][rR][aA][kK][eE][nN])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9/=_+\-A-Z]{80,90})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'kucoin-access-token',
    words: ['kucoin'],
    pattern:
      /[\w.-]{0,50}?(?:[kK][uU][cC][oO][iI][nN])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-f0-9A-F]{24})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'kucoin-secret-key',
    words: ['kucoin'],
    pattern:
      /[\w.-]{0,50}?(?:[kK][uU][cC][oO][iI][nN])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'launchdarkly-access-token',
    words: ['launchdarkly'],
    pattern:
      /[\w.-]{0,50}?(?:[lL][aA][uU][nN][cC][hH][dD][aA][rR][kK][lL][yY])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9=_\-A-Z]{40})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  { id: 'linear-api-key', words: ['lin_api_'], pattern: /lin_api_[a-z0-9A-Z]{40}/, least: 2 },
  {
    id: 'linear-client-secret',
    words: ['linear'],
    pattern:
      /[\w.-]{0,50}?(?:[lL][iI][nN][eE][aA][rR])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-f0-9A-F]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 2,
  },
  {
    id: 'linkedin-client-id',
    words: ['linkedin', 'linked_in', 'linked-in'],
    pattern:
      /[\w.-]{0,50}?(?:[lL][iI][nN][kK][eE][dD][_-]?[iI][nN])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{14})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 2,
  },
  {
    id: 'linkedin-client-secret',
    words: ['linkedin', 'linked_in', 'linked-in'],
    pattern:
      /[\w.-]{0,50}?(?:[lL][iI][nN][kK][eE][dD][_-]?[iI][nN])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{16})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 2,
  },
  {
    id: 'lob-api-key',
    words: ['test_', 'live_'],
    pattern:
      /[\w.-]{0,50}?(?:[lL][oO][bB])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}(([lL][iI][vV][eE]|[tT][eE][sS][tT])_[a-f0-9A-F]{35})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'lob-pub-api-key',
    words: ['test_pub', 'live_pub', '_pub'],
    pattern:
      /[\w.-]{0,50}?(?:[lL][oO][bB])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}(([tT][eE][sS][tT]|[lL][iI][vV][eE])_[pP][uU][bB]_[a-f0-9A-F]{31})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'looker-client-id',
    words: ['looker'],
    pattern:
      /[\w.-]{0,50}?(?:[lL][oO][oO][kK][eE][rR])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{20})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'looker-client-secret',
    words: ['looker'],
    pattern:
      /[\w.-]{0,50}?(?:[lL][oO][oO][kK][eE][rR])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{24})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'mailchimp-api-key',
    words: ['mailchimp'],
    pattern:
      /[\w.-]{0,50}?(?:[mM][aA][iI][lL][cC][hH][iI][mM][pP][sS][dD][kK].[iI][nN][iI][tT][iI][aA][lL][iI][zZ][eE]|[mM][aA][iI][lL][cC][hH][iI][mM][pP])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-f0-9A-F]{32}-[uU][sS]\d\d)(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'mailgun-private-api-token',
    words: ['mailgun'],
    pattern:
      /[\w.-]{0,50}?(?:[mM][aA][iI][lL][gG][uU][nN])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([kK][eE][yY]-[a-f0-9A-F]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'mailgun-pub-key',
    words: ['mailgun'],
    pattern:
      /[\w.-]{0,50}?(?:[mM][aA][iI][lL][gG][uU][nN])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([pP][uU][bB][kK][eE][yY]-[a-f0-9A-F]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'mailgun-signing-key',
    words: ['mailgun'],
    pattern:
      /[\w.-]{0,50}?(?:[mM][aA][iI][lL][gG][uU][nN])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-h0-9A-H]{32}-[a-h0-9A-H]{8}-[a-h0-9A-H]{8})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'mapbox-api-token',
    words: ['mapbox'],
    pattern:
      /[\w.-]{0,50}?(?:[mM][aA][pP][bB][oO][xX])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([pP][kK]\.[a-z0-9A-Z]{60}\.[a-z0-9A-Z]{22})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'mattermost-access-token',
    words: ['mattermost'],
    pattern:
      /[\w.-]{0,50}?(?:[mM][aA][tT][tT][eE][rR][mM][oO][sS][tT])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{26})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'maxmind-license-key',
    words: ['_mmk'],
    pattern: /\b([A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk)(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 4,
  },
  {
    id: 'messagebird-api-token',
    words: ['messagebird', 'message-bird', 'message_bird'],
    pattern:
      /[\w.-]{0,50}?(?:[mM][eE][sS][sS][aA][gG][eE][_-]?[bB][iI][rR][dD])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{25})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'messagebird-client-id',
    words: ['messagebird', 'message-bird', 'message_bird'],
    pattern:
      /[\w.-]{0,50}?(?:[mM][eE][sS][sS][aA][gG][eE][_-]?[bB][iI][rR][dD])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'microsoft-teams-webhook',
    words: ['webhook.office.com', 'webhookb2', 'incomingwebhook'],
    pattern:
      /https:\/\/[a-z0-9]+\.webhook\.office\.com\/webhookb2\/[a-z0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}@[a-z0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}\/IncomingWebhook\/[a-z0-9]{32}\/[a-z0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}/,
    least: 0,
  },
  {
    id: 'netlify-access-token',
    words: ['netlify'],
    pattern:
      /[\w.-]{0,50}?(?:[nN][eE][tT][lL][iI][fF][yY])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9=_\-A-Z]{40,46})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'new-relic-browser-api-token',
    words: ['nrjs-'],
    pattern:
      /[\w.-]{0,50}?(?:[nN][eE][wW]-[rR][eE][lL][iI][cC]|[nN][eE][wW][rR][eE][lL][iI][cC]|[nN][eE][wW]_[rR][eE][lL][iI][cC])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([nN][rR][jJ][sS]-[a-f0-9A-F]{19})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'new-relic-insert-key',
    words: ['nrii-'],
    pattern:
      /[\w.-]{0,50}?(?:[nN][eE][wW]-[rR][eE][lL][iI][cC]|[nN][eE][wW][rR][eE][lL][iI][cC]|[nN][eE][wW]_[rR][eE][lL][iI][cC])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([nN][rR][iI][iI]-[a-z0-9A-Z-]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'new-relic-user-api-id',
    words: ['new-relic', 'newrelic', 'new_relic'],
    pattern:
      /[\w.-]{0,50}?(?:[nN][eE][wW]-[rR][eE][lL][iI][cC]|[nN][eE][wW][rR][eE][lL][iI][cC]|[nN][eE][wW]_[rR][eE][lL][iI][cC])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{64})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'new-relic-user-api-key',
    words: ['nrak'],
    pattern:
      /[\w.-]{0,50}?(?:[nN][eE][wW]-[rR][eE][lL][iI][cC]|[nN][eE][wW][rR][eE][lL][iI][cC]|[nN][eE][wW]_[rR][eE][lL][iI][cC])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([nN][rR][aA][kK]-[a-z0-9A-Z]{27})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'notion-api-token',
    words: ['ntn_'],
    pattern: /\b(ntn_[0-9]{11}[A-Za-z0-9]{32}[A-Za-z0-9]{3})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 4,
  },
  {
    id: 'npm-access-token',
    words: ['npm_'],
    pattern: /\b([nN][pP][mM]_[a-z0-9A-Z]{36})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 2,
  },
  {
    id: 'nuget-config-password',
    words: ['<add key='],
    pattern:
      /<[aA][dD][dD] [kK][eE][yY]="(?:(?:[cC][lL][eE][aA][rR][tT][eE][xX][tT])?[pP][aA][sS][sS][wW][oO][rR][dD])"\s*[vV][aA][lL][uU][eE]="(.{8,})"\s*\/>/,
    least: 1,
    path: /nuget\.config$/i,
  },
  {
    id: 'nytimes-access-token',
    words: ['nytimes', 'new-york-times', 'newyorktimes'],
    pattern:
      /[\w.-]{0,50}?(?:[nN][yY][tT][iI][mM][eE][sS]|[nN][eE][wW]-[yY][oO][rR][kK]-[tT][iI][mM][eE][sS],|[nN][eE][wW][yY][oO][rR][kK][tT][iI][mM][eE][sS])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9=_\-A-Z]{32})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  { id: 'octopus-deploy-api-key', words: ['api-'], pattern: /\b(API-[A-Z0-9]{26})(?:[\x60'"\s;]|\\[nr]|$)/, least: 3 },
  {
    id: 'okta-access-token',
    words: ['okta'],
    pattern:
      /[\w.-]{0,50}?(?:[\w.-]{0,50}?(?:(?:[Oo]kta|OKTA))(?:[ \t\w.-]{0,20})[\s'"]{0,3})(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}(00[\w=-]{40})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 4,
  },
  {
    id: 'openai-api-key',
    words: ['t3blbkfj'],
    pattern:
      /\b(sk-(?:proj|svcacct|admin)-(?:[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58})T3BlbkFJ(?:[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58})\b|sk-[a-zA-Z0-9]{20}T3BlbkFJ[a-zA-Z0-9]{20})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  { id: 'openshift-user-token', words: ['sha256~'], pattern: /\b(sha256~[\w-]{43})(?:[^\w-]|$)/, least: 3.5 },
  {
    id: 'perplexity-api-key',
    words: ['pplx-'],
    pattern: /\b(pplx-[a-zA-Z0-9]{48})(?:[\x60'"\s;]|\\[nr]|$|\b)/,
    least: 4,
  },
  {
    id: 'plaid-api-token',
    words: ['plaid'],
    pattern:
      /[\w.-]{0,50}?(?:[pP][lL][aA][iI][dD])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([aA][cC][cC][eE][sS][sS]-(?:[sS][aA][nN][dD][bB][oO][xX]|[dD][eE][vV][eE][lL][oO][pP][mM][eE][nN][tT]|[pP][rR][oO][dD][uU][cC][tT][iI][oO][nN])-[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'plaid-client-id',
    words: ['plaid'],
    pattern:
      /[\w.-]{0,50}?(?:[pP][lL][aA][iI][dD])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{24})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 3.5,
  },
  {
    id: 'plaid-secret-key',
    words: ['plaid'],
    pattern:
      /[\w.-]{0,50}?(?:[pP][lL][aA][iI][dD])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{30})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 3.5,
  },
  {
    id: 'planetscale-api-token',
    words: ['pscale_tkn_'],
    pattern: /\b(pscale_tkn_[\w=.-]{32,64})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  {
    id: 'planetscale-oauth-token',
    words: ['pscale_oauth_'],
    pattern: /\b(pscale_oauth_[\w=.-]{32,64})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  {
    id: 'planetscale-password',
    words: ['pscale_pw_'],
    pattern: /\b([pP][sS][cC][aA][lL][eE]_[pP][wW]_[\w=.-]{32,64})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 3,
  },
  {
    id: 'postman-api-token',
    words: ['pmak-'],
    pattern: /\b(PMAK-[a-f0-9A-F]{24}-[a-f0-9A-F]{34})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  { id: 'prefect-api-token', words: ['pnu_'], pattern: /\b(pnu_[a-zA-Z0-9]{36})(?:[\x60'"\s;]|\\[nr]|$)/, least: 2 },
  {
    id: 'privateai-api-token',
    words: ['privateai', 'private_ai', 'private-ai'],
    pattern:
      /[\w.-]{0,50}?(?:[\w.-]{0,50}?(?:[pP][rR][iI][vV][aA][tT][eE][_-]?[aA][iI])(?:[ \t\w.-]{0,20})[\s'"]{0,3})(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9]{32})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  { id: 'pulumi-api-token', words: ['pul-'], pattern: /\b(pul-[a-f0-9]{40})(?:[\x60'"\s;]|\\[nr]|$)/, least: 2 },
  { id: 'pypi-upload-token', words: ['pypi-ageichlwas5vcmc'], pattern: /pypi-AgEIcHlwaS5vcmc[\w-]{50,1000}/, least: 3 },
  {
    id: 'rapidapi-access-token',
    words: ['rapidapi'],
    pattern:
      /[\w.-]{0,50}?(?:[rR][aA][pP][iI][dD][aA][pP][iI])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9_A-Z-]{50})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  { id: 'readme-api-token', words: ['rdme_'], pattern: /\b(rdme_[a-z0-9]{70})(?:[\x60'"\s;]|\\[nr]|$)/, least: 2 },
  {
    id: 'rubygems-api-token',
    words: ['rubygems_'],
    pattern: /\b(rubygems_[a-f0-9]{48})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 2,
  },
  { id: 'scalingo-api-token', words: ['tk-us-'], pattern: /\b(tk-us-[\w-]{48})(?:[\x60'"\s;]|\\[nr]|$)/, least: 2 },
  {
    id: 'sendbird-access-id',
    words: ['sendbird'],
    pattern:
      /[\w.-]{0,50}?(?:[sS][eE][nN][dD][bB][iI][rR][dD])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'sendbird-access-token',
    words: ['sendbird'],
    pattern:
      /[\w.-]{0,50}?(?:[sS][eE][nN][dD][bB][iI][rR][dD])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-f0-9A-F]{40})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'sendgrid-api-token',
    words: ['sg.'],
    pattern: /\b(SG\.[a-z0-9=_\-.A-Z]{66})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 2,
  },
  {
    id: 'sendinblue-api-token',
    words: ['xkeysib-'],
    pattern: /\b(xkeysib-[a-f0-9]{64}-[a-z0-9A-Z]{16})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 2,
  },
  {
    id: 'sentry-access-token',
    words: ['sentry'],
    pattern:
      /[\w.-]{0,50}?(?:[sS][eE][nN][tT][rR][yY])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-f0-9A-F]{64})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 3,
  },
  {
    id: 'sentry-org-token',
    words: ['sntrys_eyjpyxqio'],
    pattern:
      /\bsntrys_eyJpYXQiO[a-zA-Z0-9+/]{10,200}(?:LCJyZWdpb25fdXJs|InJlZ2lvbl91cmwi|cmVnaW9uX3VybCI6)[a-zA-Z0-9+/]{10,200}={0,2}_[a-zA-Z0-9+/]{43}(?:[^a-zA-Z0-9+/]|$)/,
    least: 4.5,
  },
  {
    id: 'sentry-user-token',
    words: ['sntryu_'],
    pattern: /\b(sntryu_[a-f0-9]{64})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3.5,
  },
  {
    id: 'settlemint-application-access-token',
    words: ['sm_aat'],
    pattern: /\b(sm_aat_[a-zA-Z0-9]{16})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  {
    id: 'settlemint-personal-access-token',
    words: ['sm_pat'],
    pattern: /\b(sm_pat_[a-zA-Z0-9]{16})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  {
    id: 'settlemint-service-access-token',
    words: ['sm_sat'],
    pattern: /\b(sm_sat_[a-zA-Z0-9]{16})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  {
    id: 'shippo-api-token',
    words: ['shippo_'],
    pattern: /\b(shippo_(?:live|test)_[a-fA-F0-9]{40})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 2,
  },
  { id: 'shopify-access-token', words: ['shpat_'], pattern: /shpat_[a-fA-F0-9]{32}/, least: 2 },
  { id: 'shopify-custom-access-token', words: ['shpca_'], pattern: /shpca_[a-fA-F0-9]{32}/, least: 2 },
  { id: 'shopify-private-app-access-token', words: ['shppa_'], pattern: /shppa_[a-fA-F0-9]{32}/, least: 2 },
  { id: 'shopify-shared-secret', words: ['shpss_'], pattern: /shpss_[a-fA-F0-9]{32}/, least: 2 },
  {
    id: 'sidekiq-secret',
    words: ['bundle_enterprise__contribsys__com', 'bundle_gems__contribsys__com'],
    pattern:
      /[\w.-]{0,50}?(?:[bB][uU][nN][dD][lL][eE]_[eE][nN][tT][eE][rR][pP][rR][iI][sS][eE]__[cC][oO][nN][tT][rR][iI][bB][sS][yY][sS]__[cC][oO][mM]|[bB][uU][nN][dD][lL][eE]_[gG][eE][mM][sS]__[cC][oO][nN][tT][rR][iI][bB][sS][yY][sS]__[cC][oO][mM])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-f0-9A-F]{8}:[a-f0-9A-F]{8})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'sidekiq-sensitive-url',
    words: ['gems.contribsys.com', 'enterprise.contribsys.com'],
    pattern:
      /\b[hH][tT][tT][pP][sS]?:\/\/([a-f0-9A-F]{8}:[a-f0-9A-F]{8})@(?:[gG][eE][mM][sS].[cC][oO][nN][tT][rR][iI][bB][sS][yY][sS].[cC][oO][mM]|[eE][nN][tT][eE][rR][pP][rR][iI][sS][eE].[cC][oO][nN][tT][rR][iI][bB][sS][yY][sS].[cC][oO][mM])(?:[/|#|?|:]|$)/,
    least: 0,
  },
  { id: 'slack-app-token', words: ['xapp'], pattern: /[xX][aA][pP][pP]-\d-[A-Z0-9a-z]+-\d+-[a-z0-9A-Z]+/, least: 2 },
  { id: 'slack-bot-token', words: ['xoxb'], pattern: /xoxb-[0-9]{10,13}-[0-9]{10,13}[a-zA-Z0-9-]*/, least: 3 },
  {
    id: 'slack-config-access-token',
    words: ['xoxe.xoxb-', 'xoxe.xoxp-'],
    pattern: /[xX][oO][xX][eE].[xX][oO][xX][bpBP]-\d-[A-Z0-9a-z]{163,166}/,
    least: 2,
  },
  { id: 'slack-config-refresh-token', words: ['xoxe-'], pattern: /[xX][oO][xX][eE]-\d-[A-Z0-9a-z]{146}/, least: 2 },
  { id: 'slack-legacy-bot-token', words: ['xoxb'], pattern: /xoxb-[0-9]{8,14}-[a-zA-Z0-9]{18,26}/, least: 2 },
  { id: 'slack-legacy-token', words: ['xoxo', 'xoxs'], pattern: /xox[os]-\d+-\d+-\d+-[a-fA-F\d]+/, least: 2 },
  {
    id: 'slack-legacy-workspace-token',
    words: ['xoxa', 'xoxr'],
    pattern: /xox[ar]-(?:\d-)?[0-9a-zA-Z]{8,48}/,
    least: 2,
  },
  {
    id: 'slack-user-token',
    words: ['xoxp-', 'xoxe-'],
    pattern: /xox[pe](?:-[0-9]{10,13}){3}-[a-zA-Z0-9-]{28,34}/,
    least: 2,
  },
  {
    id: 'slack-webhook-url',
    words: ['hooks.slack.com'],
    pattern: /(?:https?:\/\/)?hooks.slack.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/]{43,56}/,
    least: 0,
  },
  {
    id: 'snyk-api-token',
    words: ['snyk'],
    pattern:
      /[\w.-]{0,50}?(?:[sS][nN][yY][kK][_.-]?(?:(?:[aA][pP][iI]|[oO][aA][uU][tT][hH])[_.-]?)?(?:[kK][eE][yY]|[tT][oO][kK][eE][nN]))(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'sonar-api-token',
    words: ['sonar'],
    pattern:
      /[\w.-]{0,50}?(?:[sS][oO][nN][aA][rR][_.-]?([lL][oO][gG][iI][nN]|[tT][oO][kK][eE][nN]))(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}((?:[sS][qQ][uU]_|[sS][qQ][pP]_|[sS][qQ][aA]_)?[a-z0-9=_\-A-Z]{40})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
    group: 2,
  },
  {
    id: 'sourcegraph-access-token',
    words: ['sgp_', 'sourcegraph'],
    pattern:
      /\b(\b([sS][gG][pP]_(?:[a-fA-F0-9]{16}|[lL][oO][cC][aA][lL])_[a-fA-F0-9]{40}|[sS][gG][pP]_[a-fA-F0-9]{40}|[a-fA-F0-9]{40})\b)(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 3,
  },
  {
    id: 'square-access-token',
    words: ['sq0atp-', 'eaaa'],
    pattern: /\b((?:EAAA|sq0atp-)[\w-]{22,60})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 2,
  },
  {
    id: 'squarespace-access-token',
    words: ['squarespace'],
    pattern:
      /[\w.-]{0,50}?(?:[sS][qQ][uU][aA][rR][eE][sS][pP][aA][cC][eE])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'stripe-access-token',
    words: ['sk_test', 'sk_live', 'sk_prod', 'rk_test', 'rk_live', 'rk_prod'],
    pattern: /\b((?:sk|rk)_(?:test|live|prod)_[a-zA-Z0-9]{10,99})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 2,
  },
  {
    id: 'sumologic-access-id',
    words: ['sumo'],
    pattern:
      /[\w.-]{0,50}?(?:[\w.-]{0,50}?(?:(?:[Ss]umo|SUMO))(?:[ \t\w.-]{0,20})[\s'"]{0,3})(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}(su[a-zA-Z0-9]{12})(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3,
  },
  {
    id: 'sumologic-access-token',
    words: ['sumo'],
    pattern:
      /[\w.-]{0,50}?(?:(?:[Ss]umo|SUMO))(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{64})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 3,
  },
  {
    id: 'telegram-bot-api-token',
    words: ['telegr'],
    pattern:
      /[\w.-]{0,50}?(?:[tT][eE][lL][eE][gG][rR])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([0-9]{5,16}:(?:A)[a-z0-9_\-A-Z]{34})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'travisci-access-token',
    words: ['travis'],
    pattern:
      /[\w.-]{0,50}?(?:[tT][rR][aA][vV][iI][sS])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{22})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  { id: 'twilio-api-key', words: ['sk'], pattern: /SK[0-9a-fA-F]{32}/, least: 3 },
  {
    id: 'twitch-api-token',
    words: ['twitch'],
    pattern:
      /[\w.-]{0,50}?(?:[tT][wW][iI][tT][cC][hH])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{30})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'twitter-access-secret',
    words: ['twitter'],
    pattern:
      /[\w.-]{0,50}?(?:[tT][wW][iI][tT][tT][eE][rR])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{45})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'twitter-access-token',
    words: ['twitter'],
    pattern:
      /[\w.-]{0,50}?(?:[tT][wW][iI][tT][tT][eE][rR])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([0-9]{15,25}-[a-zA-Z0-9]{20,40})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'twitter-api-key',
    words: ['twitter'],
    pattern:
      /[\w.-]{0,50}?(?:[tT][wW][iI][tT][tT][eE][rR])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{25})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'twitter-api-secret',
    words: ['twitter'],
    pattern:
      /[\w.-]{0,50}?(?:[tT][wW][iI][tT][tT][eE][rR])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{50})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'twitter-bearer-token',
    words: ['twitter'],
    pattern:
      /[\w.-]{0,50}?(?:[tT][wW][iI][tT][tT][eE][rR])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([aA]{22}[a-zA-Z0-9%]{80,100})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'typeform-api-token',
    words: ['tfp_'],
    pattern:
      /[\w.-]{0,50}?(?:[tT][yY][pP][eE][fF][oO][rR][mM])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([tT][fF][pP]_[a-z0-9\-_.=A-Z]{59})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  { id: 'vault-batch-token', words: ['hvb.'], pattern: /\b(hvb\.[\w-]{138,300})(?:[\x60'"\s;]|\\[nr]|$)/, least: 4 },
  {
    id: 'vault-service-token',
    words: ['hvs.', 's.'],
    pattern: /\b((?:hvs\.[\w-]{90,120}|s\.(?![A-Za-z]{24}(?![\w]))(?:[a-z0-9A-Z]{24})))(?:[\x60'"\s;]|\\[nr]|$)/,
    least: 3.5,
  },
  {
    id: 'yandex-access-token',
    words: ['yandex'],
    pattern:
      /[\w.-]{0,50}?(?:[yY][aA][nN][dD][eE][xX])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([tT]1\.[A-Z0-9a-z_-]+[=]{0,2}\.[A-Z0-9a-z_-]{86}[=]{0,2})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'yandex-api-key',
    words: ['yandex'],
    pattern:
      /[\w.-]{0,50}?(?:[yY][aA][nN][dD][eE][xX])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([aA][qQ][vV][nN][A-Za-z0-9_-]{35,38})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'yandex-aws-access-token',
    words: ['yandex'],
    pattern:
      /[\w.-]{0,50}?(?:[yY][aA][nN][dD][eE][xX])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([yY][cC][a-zA-Z0-9_-]{38})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
  {
    id: 'zendesk-secret-key',
    words: ['zendesk'],
    pattern:
      /[\w.-]{0,50}?(?:[zZ][eE][nN][dD][eE][sS][kK])(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9A-Z]{40})(?:[\x60'"\s;]|\\[nrNR]|$)/,
    least: 0,
  },
];
