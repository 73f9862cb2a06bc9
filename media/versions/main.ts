import '../editor/css/base.css';
import '../editor/css/fields.css';
import '../editor/css/bar.css';
import '../editor/css/table.css';
import '../editor/css/middle.css';
import '../editor/css/floats.css';
import './versions.css';
import '../editor/css/forced.css';
import { VersionsPage } from './page.ts';

new VersionsPage(document.getElementById('editor') ?? document.body, acquireVsCodeApi());
