// The monitoring of a stack: its alarms and its dashboard.
import { Construct } from 'constructs';
import { Alarms, type AlarmsProps } from './alarms.ts';
import { Dashboard } from './dashboard.ts';

/** Alarms that reach a person, and the dashboard to look at then. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const alarms = new Alarms(this, 'Alarms', props);
    new Dashboard(this, 'Dashboard', props, alarms);
  }
}
