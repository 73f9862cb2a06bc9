import './css/base.css';
import './css/fields.css';
import './css/bar.css';
import './css/table.css';
import './css/panels.css';
import './css/middle.css';
import './css/floats.css';
import './css/conflict.css';
import './css/text.css';
import './css/forced.css';
import { Editor } from './editor.ts';

new Editor(document.getElementById('editor') ?? document.body, acquireVsCodeApi());
