namespace FaultTolerance.Load.Http;

/// <summary>Bytes that are not HTTP, or not the answer that was asked for.</summary>
internal sealed class HttpFormatException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The peer closed the connection where more was to come.</summary>
internal sealed class ConnectionClosedException(string message) : IOException(message);
