// The shop's files on their way to the functions: a Lambda layer.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { stackName, type Settings } from './settings.ts';
import { settingsFile, type ShopSettings } from './shop_settings.ts';

/** The folder of the layer that has the files; Lambda puts a layer's folders into /opt. */
const folderOfLayer = 'postrider';

/** Where functions find the settings file. Paths in the file are relative to its folder. */
export const settingsFileInFunctions = path.posix.join('/opt', folderOfLayer, settingsFile);

/** A layer with the settings file and the files that it names, and nothing else. */
export function settingsLayer(scope: Construct, id: string, settings: Settings,
  shop: ShopSettings) {
  const staging = fs.mkdtempSync(path.join(os.tmpdir(), 'postrider-layer-'));
  try {
    const folder = path.join(staging, folderOfLayer);
    fs.mkdirSync(folder);
    fs.chmodSync(folder, 0o755);
    for (const [name, text] of Object.entries(shop.files)) {
      const file = path.join(folder, name);
      fs.writeFileSync(file, text);
      fs.chmodSync(file, 0o644);  // a function runs as another user than who deploys it
    }
    return new lambda.LayerVersion(scope, id, {
      description: `${stackName(settings)}: the shop's settings, texts and prices`,
      code: lambda.Code.fromAsset(staging),
    });
  } finally {
    fs.rmSync(staging, { recursive: true });  // CDK has its copy
  }
}
