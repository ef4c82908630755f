using System.Globalization;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>A log file that only comes into being with the first warning.</summary>
/// <param name="file">Where.</param>
/// <param name="time">Stamps the lines.</param>
internal sealed class WarningLog(string file, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _lock = new();
    private StreamWriter? _writer;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }

    private void Write(string line)
    {
        lock (_lock)
        {
            _writer ??= new StreamWriter(file, append: true) { AutoFlush = true };
            _writer.WriteLine(line);
        }
    }

    private sealed class Category(WarningLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                var at = log.Now().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
                log.Write($"{at} {logLevel} {name}: {formatter(state, exception)}{(exception is null ? "" : $" | {exception}")}");
            }
        }
    }

    private DateTimeOffset Now() => time.GetUtcNow();
}
