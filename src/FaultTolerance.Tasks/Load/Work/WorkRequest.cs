using System.Globalization;
using System.Text;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Http;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Work;

/// <summary>The bytes of requests that do not all ask the same: made anew for each.</summary>
internal sealed class WorkRequest(LoadSpec spec, string model, int client, IWork work) : IRequestBytes
{
    private readonly ByteBuffer _body = new();
    private readonly ByteBuffer _all = new();
    private readonly Conversation _said = new();
    private long _number = -1;

    /// <inheritdoc/>
    public AskedWork? Asked { get; private set; }

    /// <inheritdoc/>
    public void Prepare(long number)
    {
        _number = number;
        var asked = work.Of(client, number);
        Asked = asked;
        _body.Clear();
        _body.Append("{\"model\": "u8);
        PythonJson.String(_body, model);
        if (spec.Api == Api.Completions)
        {
            _body.Append(", \"prompt\": "u8);
            work.WritePrompt(_body, client, number, asked);
        }
        else
        {
            _body.Append(", \"messages\": ["u8);
            work.WriteSystem(_body, asked);
            _said.WriteTo(_body, asked);
            var own = _body.Length;
            work.WritePrompt(_body, client, number, asked);
            _said.Note(_body.Written[own..], asked);
            _body.Append((byte)']');
        }

        RequestEnd.Append(_body, asked.OutputTokens, spec.Stream);
    }

    /// <inheritdoc/>
    public void Answered(ReadOnlySpan<byte> answer) => _said.Answered(answer);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> For(FrontendTarget target, long number)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (number != _number)
        {
            Prepare(number);
        }

        _all.Clear();
        _all.Append(target.Head.Span);
        Span<byte> length = stackalloc byte[16];
        _all.Append(length[..Encoding.ASCII.GetBytes(_body.Length.ToString(CultureInfo.InvariantCulture), length)]);
        _all.Append("\r\n\r\n"u8);
        _all.Append(_body.Written);
        return _all.WrittenMemory;
    }
}
