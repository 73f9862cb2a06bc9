void (async () => {
  (globalThis as any).describe = () => undefined;
  const { World } = await import('./world.ts');
  const { happenings } = await import('./property.test.ts');
  const world = new World() as any;
  const show = (w: string) =>
    console.log(
      w.padEnd(10),
      JSON.stringify({
        text: world.model.state.text,
        base: world.model.state.file.base?.text,
        theirs: world.model.state.file.theirs?.text,
        met: world.model.state.met,
        disk: world.disk,
        ed: world.editor,
        at: world.code.at,
        sp: world.code.savePoint,
        n: world.code.edits.length,
        ch: world.code.changed,
        bel: world.model.state.belief,
        done: world.code.done.map(
          (e: any) => e.of + (e.step ? e.step.before + '>' + e.step.after : e.before + '>' + e.after),
        ),
        undone: world.code.undone.length,
      }).replaceAll('\\n', ''),
    );
  show('start');
  const p = world.proceed.bind(world);
  if (process.env.TRACE)
    world.proceed = () => {
      const r = p();
      show('  p');
      return r;
    };
  for (const name of JSON.parse(process.argv[2]!)) {
    try {
      happenings[name]![1](world);
    } finally {
      show(name);
    }
  }
  try {
    world.rest();
  } finally {
    show('rest');
  }
})();
