using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FaultTolerance.StandIn.Hosting;

/// <summary>
/// Log lines in the form that the reference suite's parser reads: JSON objects with time, level, target and message where
/// DYN_LOGGING_JSONL asks for them, otherwise <c>time LEVEL target: message</c>. Times are UTC with six digits and Z.
/// </summary>
internal sealed class ConsoleLog(Stream output, bool jsonLines, TimeProvider time) : IDisposable
{
    // A log is read by people and by grep as well as by parsers: no escapes beyond what JSON needs.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>A log on standard error; the kubelet collects both streams.</summary>
    public static ConsoleLog ToStandardError(StandInSettings settings, TimeProvider time) =>
        new(Console.OpenStandardError(), settings.JsonLines, time);

    /// <summary>A line with fields beside its message, as the runtime writes them.</summary>
    public void Info(string target, string message, params ReadOnlySpan<(string Name, string Value)> fields) =>
        Write("INFO", target, message, fields);

    public void Warn(string target, string message) => Write("WARN", target, message, []);

    public void Error(string target, string message) => Write("ERROR", target, message, []);

    public void Dispose() => output.Dispose();

    private void Write(string level, string target, string message, ReadOnlySpan<(string Name, string Value)> fields)
    {
        lock (_gate)
        {
            var stamp = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");
            _line.ResetWrittenCount();
            if (jsonLines)
            {
                using var json = new Utf8JsonWriter(_line, Readable);
                json.WriteStartObject();
                json.WriteString("time"u8, stamp);
                json.WriteString("level"u8, level);
                json.WriteString("target"u8, target);
                json.WriteString("message"u8, message);
                foreach (var (name, value) in fields)
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
            }
            else
            {
                Encoding.UTF8.GetBytes($"{stamp} {level} {target}: {message.ReplaceLineEndings(" ")}", _line);
                foreach (var (name, value) in fields)
                {
                    Encoding.UTF8.GetBytes($" {name}={value.ReplaceLineEndings(" ")}", _line);
                }
            }

            _line.Write("\n"u8);
            // One write a line: the engine core shares the stream, and its lines must not mix with the worker's.
            output.Write(_line.WrittenSpan);
            output.Flush();
        }
    }
}
