// Another extension, with no tricks: it listens to every event and asks every provider that the public API has. What
// it saw stays in memory and is fetched over a loopback port that the test names in the environment.
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');
const vscode = require('vscode');

const boot = randomUUID();
const entries = [];
const known = new Set();
/** What could not be looked at, so that nothing is known about it: the search is no search then. */
const missed = new Set();

/** Records a sighting once: what was seen, where, and its text. */
function saw(what, where, value) {
  const text = typeof value === 'string' ? value : show(value);
  const key = `${what}\0${where}\0${text}`;
  if (known.has(key)) return;
  known.add(key);
  entries.push({ at: Date.now(), what, where: String(where), text });
}

/** Anything as text, with cycles and getters that throw. */
function show(value) {
  const seen = new WeakSet();
  try {
    return (
      JSON.stringify(value, (_key, inner) => {
        if (typeof inner === 'function') return `[function ${inner.name}]`;
        if (typeof inner === 'bigint') return String(inner);
        if (inner instanceof Map || inner instanceof Set) return [...inner];
        if (inner instanceof Uint8Array) return Buffer.from(inner).toString('latin1');
        if (inner instanceof Error) return `${inner.name}: ${inner.message} ${inner.stack}`;
        if (typeof inner === 'object' && inner !== null) {
          if (seen.has(inner)) return '[again]';
          seen.add(inner);
        }
        return inner;
      }) ?? 'undefined'
    );
  } catch (error) {
    missed.add(`a value that cannot be shown: ${error.message}`);
    return `[not shown: ${error.message}]`;
  }
}

const late = 'no answer in time';
const inTime = (promise, ms = 4000) =>
  Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error(late)), ms).unref())]);

function listen(subscriptions) {
  const { window, workspace, tasks, debug, languages } = vscode;
  const on = (event, what, read) =>
    subscriptions.push(
      event((value) => {
        try {
          read(value, (where, text) => saw(what, where, text));
        } catch (error) {
          missed.add(`${what}: ${error.message}`);
        }
      }),
    );
  on(workspace.onDidOpenTextDocument, 'document opened', (doc, see) => see(doc.uri, doc.getText()));
  on(workspace.onDidCloseTextDocument, 'document closed', (doc, see) => see(doc.uri, doc.getText()));
  on(workspace.onDidSaveTextDocument, 'document saved', (doc, see) => see(doc.uri, doc.getText()));
  on(workspace.onWillSaveTextDocument, 'document to be saved', (event, see) =>
    see(event.document.uri, event.document.getText()),
  );
  on(workspace.onDidChangeTextDocument, 'document changed', (event, see) => {
    see(event.document.uri, event.contentChanges.map((change) => change.text).join('\n'));
    see(event.document.uri, event.document.getText());
  });
  on(workspace.onDidChangeConfiguration, 'configuration', (_, see) => see('', workspace.getConfiguration()));
  on(window.onDidChangeTextEditorSelection, 'selection', (event, see) => {
    for (const selection of event.selections)
      see(event.textEditor.document.uri, event.textEditor.document.getText(selection));
  });
  on(window.tabGroups.onDidChangeTabs, 'tabs', (event, see) => {
    for (const tab of [...event.opened, ...event.closed, ...event.changed])
      see(tab.label, { label: tab.label, input: tab.input });
  });
  on(window.onDidOpenTerminal, 'terminal', (terminal, see) => {
    see(terminal.name, terminal.creationOptions);
    // The live object of an extension that draws a terminal itself.
    terminal.creationOptions.pty?.onDidWrite?.((text) => saw('terminal written', terminal.name, text));
  });
  on(window.onDidCloseTerminal, 'terminal closed', (terminal, see) => see(terminal.name, terminal.creationOptions));
  if (window.onDidStartTerminalShellExecution) {
    on(window.onDidStartTerminalShellExecution, 'terminal command', (event, see) => {
      see('', event.execution.commandLine);
      void readAll(event.terminal.name, event.execution.read());
    });
  }
  on(tasks.onDidStartTask, 'task', (event, see) => {
    const { task } = event.execution;
    // What it executes is behind getters, which nothing lists.
    const { process, args, options, commandLine } = task.execution ?? {};
    see(task.name, [task, task.definition, { process, args, options, commandLine }]);
  });
  on(debug.onDidStartDebugSession, 'debug session', (session, see) => see(session.name, session.configuration));
  on(languages.onDidChangeDiagnostics, 'diagnostics', (event, see) => {
    for (const uri of event.uris) see(uri, languages.getDiagnostics(uri));
  });
  const watcher = workspace.createFileSystemWatcher('**/*');
  subscriptions.push(watcher);
  for (const event of [watcher.onDidCreate, watcher.onDidChange]) {
    event(async (uri) => {
      const bytes = await workspace.fs.readFile(uri).then(
        (read) => read,
        (error) => {
          if (error.code !== 'FileNotFound') missed.add(`${uri}: ${error.message}`);
        },
      );
      if (bytes && bytes.length < 1e6) saw('file on disk', uri, Buffer.from(bytes).toString('latin1'));
    });
  }
}

/** All that a command writes to its terminal. */
async function readAll(name, stream) {
  let text = '';
  for await (const data of stream) {
    text += data;
    saw('terminal output', name, text.slice(-20_000));
  }
}

/** What every terminal shows, by way of the clipboard. */
async function copyScreens() {
  for (const terminal of vscode.window.terminals) {
    terminal.show(false);
    await new Promise((resolve) => setTimeout(resolve, 150));
    for (const id of ['selectAll', 'copySelection', 'clearSelection'])
      await vscode.commands.executeCommand(`workbench.action.terminal.${id}`);
    saw('terminal screen', terminal.name, await vscode.env.clipboard.readText());
  }
  await vscode.env.clipboard.writeText('');
}

function provide(subscriptions) {
  const { languages, debug, window } = vscode;
  const everything = [{ scheme: '*' }, { scheme: 'file' }, { scheme: 'untitled' }];
  const asked =
    (what) =>
    (document, ...rest) => {
      saw(what, document.uri, document.getText());
      saw(`${what}: context`, document.uri, rest.slice(0, 2));
      return undefined;
    };
  subscriptions.push(
    languages.registerCompletionItemProvider(
      everything,
      { provideCompletionItems: asked('asked for completion') },
      '=',
      ':',
      ' ',
      '"',
    ),
    languages.registerInlineCompletionItemProvider(everything, {
      provideInlineCompletionItems: asked('asked for inline completion'),
    }),
    languages.registerHoverProvider(everything, { provideHover: asked('asked for hover') }),
    languages.registerCodeActionsProvider(everything, { provideCodeActions: asked('asked for code actions') }),
    languages.registerDocumentSymbolProvider(everything, { provideDocumentSymbols: asked('asked for symbols') }),
    debug.registerDebugConfigurationProvider('*', {
      resolveDebugConfiguration(_folder, configuration) {
        saw('asked for a debug configuration', '', configuration);
        return configuration;
      },
    }),
    window.registerTerminalLinkProvider({
      provideTerminalLinks(context) {
        saw('terminal line', context.terminal.name, context.line);
        return [];
      },
      handleTerminalLink() {},
    }),
  );
}

const look = () => {
  for (const document of vscode.workspace.textDocuments) saw('open document', document.uri, document.getText());
  for (const terminal of vscode.window.terminals) saw('terminal', terminal.name, terminal.creationOptions);
};

/** Asks every provider about every open document, and everything else that can be asked. */
async function probe() {
  look();
  const ask = async (what, where, work) => {
    try {
      saw(what, where, await inTime(Promise.resolve(work()), 30_000));
    } catch (error) {
      if (error.message === late) missed.add(`${what} of ${where}: ${late}`);
      saw(`${what}: error`, where, `${error.message} ${error.stack}`);
    }
  };
  const run = (uri, name, ...args) =>
    ask(name, uri, () => vscode.commands.executeCommand(`vscode.${name}`, uri, ...args));
  const inputs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs.map((tab) => tab.input?.uri))
    .filter(Boolean);
  const uris = new Map(
    [...inputs, ...vscode.workspace.textDocuments.map((one) => one.uri)].map((uri) => [String(uri), uri]),
  );
  for (const uri of uris.values()) {
    if (uri.scheme === 'output') continue;
    await ask('readFile', uri, async () => Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('latin1'));
    const document = vscode.workspace.textDocuments.find((one) => String(one.uri) === String(uri));
    if (!document) continue;
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    await Promise.all([
      run(uri, 'executeCodeLensProvider', 500),
      run(uri, 'executeInlayHintProvider', all),
      run(uri, 'executeDocumentSymbolProvider'),
      run(uri, 'executeFoldingRangeProvider'),
      run(uri, 'executeLinkProvider', 100),
      run(uri, 'executeCodeActionProvider', all),
      run(uri, 'executeDocumentColorProvider'),
      run(uri, 'provideDocumentSemanticTokens'),
    ]);
    for (let line = 0; line < Math.min(document.lineCount, 60); line++) {
      const text = document.lineAt(line).text;
      const columns = [...new Set([0, text.search(/\S/), text.search(/[=:]/) + 2, text.length])];
      const places = columns.filter((at) => at >= 0 && at <= text.length).map((at) => new vscode.Position(line, at));
      await Promise.all(places.map((at) => run(uri, 'executeHoverProvider', at)));
      await run(uri, 'executeCompletionItemProvider', places[places.length - 1]);
    }
  }
  saw('diagnostics', 'all', vscode.languages.getDiagnostics());
  saw('exports', '', vscode.extensions.getExtension('lockstep.lockstep-secrets')?.exports);
  saw(
    'tabs',
    'all',
    vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => [tab.label, tab.input])),
  );
  saw('configuration', 'all', vscode.workspace.getConfiguration());
  saw('environment', '', process.env);
  await clipboard();
}

/** Looks at the clipboard now; not part of `probe`, as a copy on purpose is allowed to be there. */
async function clipboard() {
  for (let left = 3; ; left--) {
    try {
      const text = await inTime(vscode.env.clipboard.readText());
      saw('clipboard', '', text);
      return text;
    } catch (error) {
      if (error.message !== late || left === 0) throw error;
      // A browser gives it only to a page that has the focus; VS Code asks whether to try again then, and waits for an answer.
      await vscode.commands.executeCommand('notifications.clearAll');
      await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
    }
  }
}

/** Runs a command: what it returned as text, or its error, or that it still waits. */
async function execute(id, args = [], ms = 3000) {
  try {
    const value = await inTime(vscode.commands.executeCommand(id, ...args), ms);
    saw(`command ${id} returned`, '', value);
    return { returned: value === undefined ? undefined : show(value) };
  } catch (error) {
    saw(`command ${id} failed`, '', `${error.message} ${error.stack}`);
    return error.message === late ? { waiting: true } : { failed: error.message };
  }
}

const spy = { boot, entries, missed, saw, probe, clipboard, execute, show, copyScreens };

/** Answers `{ code }` with what the code, the body of an async function of vscode and spy, returned. */
function serve(port) {
  const server = createServer(async (request, response) => {
    const answer = (status, value) => {
      // A connection that is kept would be closed while a search keeps the test's process busy, and be used then.
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(value) ?? 'null');
    };
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { token, code } = JSON.parse(Buffer.concat(chunks).toString());
      if (token !== process.env.LOCKSTEP_SPY_TOKEN) return answer(403, { error: 'no' });
      const work = new Function('vscode', 'spy', '__name', `return (async () => {${code}\n})()`);
      answer(200, { value: await work(vscode, spy, (fn) => fn) });
    } catch (error) {
      answer(500, { error: `${error.message}\n${error.stack}` });
    }
  });
  // After a reload the extension host before this one may hold the port for a moment.
  server.on('error', () => setTimeout(() => server.listen(port, '127.0.0.1'), 100).unref());
  server.listen(port, '127.0.0.1');
  return { dispose: () => server.close() };
}

exports.activate = (context) => {
  listen(context.subscriptions);
  provide(context.subscriptions);
  look();
  const timer = setInterval(look, 250);
  context.subscriptions.push({ dispose: () => clearInterval(timer) });
  const port = Number(process.env.LOCKSTEP_SPY_PORT);
  if (port) context.subscriptions.push(serve(port));
};
