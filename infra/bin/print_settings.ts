// print_settings.ts ENVIRONMENT: what infra/deploy.sh has to know of it, as assignments of a shell.
import { Refused, settingsOf, stackName } from '../lib/settings.ts';
import { shopFolder, shopSettingsOf } from '../lib/shop_settings.ts';

const smsTypes = { transactional: 'Transactional', promotional: 'Promotional' };

try {
  const settings = settingsOf(process.argv[2] ?? 'dev');
  const shop = shopSettingsOf(shopFolder(settings.environment));
  const values = {
    stack: stackName(settings),
    architecture: settings.architecture,
    retain: settings.retain,
    test_mode: settings.testMode,
    sms_carrier: shop.carrier,
    sms_type: smsTypes[shop.smsType],
    sender_id: shop.senderId,
    // SNS's own limit stands behind the functions', which keep to the cents.
    monthly_limit: Math.ceil(shop.monthlyLimit),
    usage_bucket: settings.usageReportBucket ?? '',
    from_address: shop.fromAddress,
    alarm_addresses: settings.alarmEmails.join(' '),
    log_days: settings.logDays,
    owns_account: settings.ownsAccount,
  };
  for (const [name, value] of Object.entries(values)) {
    console.log(`${name}='${String(value).replaceAll("'", "'\\''")}'`);
  }
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(error.message);
  process.exit(2);
}
