import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { alice } from '../core/support.ts';
import { missing, skipFor } from '../skip.ts';
import { builtSops, Place, sopsPath } from './sops.ts';

const python = process.env.LOCKSTEP_PYTHON;

/** Every call of sopsy, and a settings class of pydantic; prints what it got as JSON. */
const script = `
import json, pathlib
from sopsy import Sops, SopsyCommandFailedError, SopsyInOutType, SopsyInputSource
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings_sops import SOPSConfigSettingsSource

got = {}
pathlib.Path("a.yaml").write_text("hello: world\\nn: 1\\nlist:\\n    - x\\n")
pathlib.Path("a.json").write_text('{"hello": "world", "n": 1}')
sealed = Sops("a.yaml").encrypt()
got["sealed"] = sealed["hello"].startswith("ENC[") and "sops" in sealed
got["in place"] = Sops("a.yaml", in_place=True).encrypt()
got["again"] = [Sops("a.yaml").decrypt(), Sops("a.yaml").get("hello"), Sops("a.yaml").get("none", default="d")]
got["extract"] = Sops("a.yaml", extract='["list"][0]').decrypt(to_dict=False).decode()
got["as json"] = Sops("a.yaml", output_type=SopsyInOutType.JSON).decrypt()
got["output"] = Sops("a.json", output="enc.json").encrypt()
got["bytes"] = Sops("enc.json").decrypt(to_dict=False).decode().replace(" ", "").replace("\\n", "").replace("\\t", "")
piped = pathlib.Path("enc.json").read_text()
stdin = dict(input_type="json", input_source=SopsyInputSource.STDIN)
got["stdin"] = Sops(piped, **stdin).decrypt()
got["stdin sealed"] = "sops" in Sops('{"a": "b"}', **stdin).encrypt()
got["rotated"] = Sops("a.yaml").rotate()["hello"].startswith("ENC[")
got["config"] = "sops" in Sops("a.json", config_dict={"creation_rules": [{"age": "${alice.recipient}"}]}).encrypt()
pathlib.Path("plain.yaml").write_text("a: b\\n")
try:
    Sops("plain.yaml").decrypt()
except SopsyCommandFailedError as error:
    got["failure"] = str(error).splitlines()[0]

class Settings(BaseSettings):
    model_config = SettingsConfigDict(yaml_file="a.yaml", json_file="enc.json", extra="ignore")
    hello: str
    n: int
    @classmethod
    def settings_customise_sources(cls, settings_cls, **sources):
        return (SOPSConfigSettingsSource(settings_cls),)

got["settings"] = Settings().model_dump()
print(json.dumps(got))
`;

describe('sopsy and pydantic-settings-sops', () => {
  let program: string;
  before(async function () {
    skipFor(this, missing('Python packages', Boolean(python)));
    program = await builtSops();
  });
  after(() => program && rmSync(program, { force: true }));

  it('get from ours what they get from sops', () => {
    const got = [sopsPath, program].map((sops) => {
      const place = new Place(sops);
      try {
        place.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient}\n`);
        const { code, out, err } = place.run(python ?? '', ['-W', 'error::SyntaxWarning', '-c', script]);
        assert.equal(code, 0, err);
        return JSON.parse(out);
      } finally {
        place.dispose();
      }
    });
    assert.deepEqual(got[1], got[0]);
    assert.deepEqual(got[1].settings, { hello: 'world', n: 1 });
    assert.equal(got[1].failure, 'sops metadata not found');
    assert.equal(Object.keys(got[1]).length, 13);
  });
});
