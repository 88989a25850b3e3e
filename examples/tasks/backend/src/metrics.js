// Business metrics in CloudWatch's embedded metric format. CloudWatch Logs reads them from standard output, and only if
// the whole line is this JSON, so they do not pass through the logger.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

const UNITS = { ActiveUsers: 'Count', TasksCreated: 'Count', Retention: 'Percent' };

/** Return a function that writes one value of a metric. It does nothing without BUSINESS_METRICS_NAMESPACE. */
export function createMetrics(settings, write = (line) => process.stdout.write(line)) {
  const { BUSINESS_METRICS_NAMESPACE: namespace, BUSINESS_METRICS_STACK: stack } = settings;
  return (name, value) => {
    if (namespace === undefined || stack === undefined) return;
    const metric = { Namespace: namespace, Dimensions: [['Stack']], Metrics: [{ Name: name, Unit: UNITS[name] }] };
    const line = { _aws: { Timestamp: Date.now(), CloudWatchMetrics: [metric] }, Stack: stack, [name]: value };
    write(`${JSON.stringify(line)}\n`);
  };
}
