using System.Globalization;
using System.Text;

namespace FaultTolerance.StandIn.Metrics;

/// <summary>A label of a metric.</summary>
internal readonly record struct Label(string Name, string Value);

/// <summary>Metrics in Prometheus' text format 0.0.4 (prometheus.io, "Exposition formats"), in order of registration.</summary>
internal sealed class MetricRegistry
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _gate = new();
    private readonly List<(string Name, string Help, string Type, Action<StringBuilder> Write)> _metrics = [];

    public Counter Counter(string name, string help, params Label[] labels)
    {
        var counter = new Counter();
        Add(name, help, "counter", text => Line(text, name, labels, counter.Value));
        return counter;
    }

    public void Gauge(string name, string help, Label[] labels, Func<double> value) =>
        Add(name, help, "gauge", text => Line(text, name, labels, value()));

    public Histogram Histogram(string name, string help, Label[] labels, params double[] bounds)
    {
        var histogram = new Histogram(bounds);
        Add(name, help, "histogram", text => histogram.Write(text, name, labels));
        return histogram;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        lock (_gate)
        {
            foreach (var family in _metrics.GroupBy(metric => metric.Name, StringComparer.Ordinal))
            {
                var first = family.First();
                text.Append(CultureInfo.InvariantCulture, $"# HELP {first.Name} {first.Help}\n# TYPE {first.Name} {first.Type}\n");
                foreach (var metric in family)
                {
                    metric.Write(text);
                }
            }
        }

        return text.ToString();
    }

    internal static void Line(StringBuilder text, string name, IReadOnlyList<Label> labels, double value)
    {
        text.Append(name);
        for (var i = 0; i < labels.Count; i++)
        {
            var escaped = labels[i]
                .Value.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal);
            text.Append(i == 0 ? '{' : ',').Append(CultureInfo.InvariantCulture, $"{labels[i].Name}=\"{escaped}\"");
        }

        text.Append(labels.Count > 0 ? "} " : " ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private void Add(string name, string help, string type, Action<StringBuilder> write)
    {
        lock (_gate)
        {
            _metrics.Add((name, help, type, write));
        }
    }
}
