using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FaultTolerance.Runs;

namespace FaultTolerance.Artefacts.Metrics;

/// <summary>
/// Writes <c>{pod}.metrics.jsonl</c>: a line for each time that a pod's <c>/metrics</c> was asked for. The first line and each after an
/// error hold every series, the others only those whose value has changed. Histograms' buckets are left out: they are most of the text,
/// their sum and count tell what a picture needs, and <c>{pod}.metrics.log</c> has them whole.
/// </summary>
/// <param name="path">The file; its folder must exist.</param>
internal sealed class MetricsLog(string path) : IDisposable
{
    private readonly AppendFile _file = new(path);
    private readonly Dictionary<string, double> _last = new(StringComparer.Ordinal);
    private string? _lasting;

    /// <summary>The first write that failed, or null.</summary>
    public FaultMatrixException? Failure => _file.Failure;

    /// <summary>Writes what an answer holds.</summary>
    /// <param name="asked">When it was asked for.</param>
    /// <param name="took">Until the whole answer was there.</param>
    /// <param name="text">The answer.</param>
    public void Answered(DateTimeOffset asked, TimeSpan took, string text)
    {
        _lasting = null;
        Write(asked, json => Samples(json, took, text));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Samples(Utf8JsonWriter json, TimeSpan took, string text)
    {
        json.WriteNumber("took", Math.Round(took.TotalSeconds, 6));
        json.WriteStartObject("samples");
        foreach (
            var (series, value) in text.Split('\n')
                .Select(line => Exposition.Sample(line.TrimEnd('\r')))
                .OfType<(string Series, double Value)>()
                .DistinctBy(sample => sample.Series, StringComparer.Ordinal)
        )
        {
            // JSON has no word for what is not a number.
            if (
                double.IsFinite(value)
                && !Exposition.Name(series).EndsWith("_bucket", StringComparison.Ordinal)
                && (!_last.TryGetValue(series, out var before) || before != value)
            )
            {
                json.WriteNumber(series, value);
                _last[series] = value;
            }
        }

        json.WriteEndObject();
    }

    /// <summary>Writes that there was no answer.</summary>
    /// <param name="asked">When it was asked for.</param>
    /// <param name="why">Why not.</param>
    /// <param name="lasting">Whether the same is to be expected of the next time, as where there is no such page; it is then said
    /// once.</param>
    public void Failed(DateTimeOffset asked, string why, bool lasting = false)
    {
        _last.Clear();
        if (!lasting || why != _lasting)
        {
            Write(asked, json => json.WriteString("error", SecretText.Hide(ForeignText.Line(why))));
        }

        _lasting = lasting ? why : null;
    }

    private void Write(DateTimeOffset asked, Action<Utf8JsonWriter> keys)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("at", RunClock.Format(asked));
            keys(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        _file.Write(buffer.WrittenSpan);
    }
}
