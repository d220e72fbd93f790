// print_settings.ts ENVIRONMENT: what infra/deploy.sh has to know of it, as assignments of a shell.
import { addressOf, refuseContradictions, settingsOf, stackName }
  from '../lib/settings.ts';

try {
  const settings = settingsOf(process.argv[2] ?? 'dev');
  refuseContradictions(settings);
  const values = {
    stack: stackName(settings),
    architecture: settings.architecture,
    retain: settings.retain,
    test_mode: settings.testMode,
    sms_carrier: settings.smsCarrier,
    sms_type: settings.smsType,
    sender_id: settings.defaultSenderId ?? '',
    monthly_limit: settings.smsMonthlyLimit,
    usage_bucket: settings.usageReportBucket ?? '',
    from_address: addressOf(settings.fromEmail),
    alarm_addresses: settings.alarmEmails.join(' '),
    log_days: settings.logDays,
    owns_account: settings.ownsAccount,
  };
  for (const [name, value] of Object.entries(values)) {
    console.log(`${name}='${String(value).replaceAll("'", "'\\''")}'`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
