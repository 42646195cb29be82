using System.Diagnostics;

namespace Akka.Zab.Client.Diagnostics;

/// <summary>A call that somebody listens to: its span, and what it took.</summary>
internal readonly struct MeasuredCall
{
    private readonly ClientTelemetry _client;
    private readonly Request _request;
    private readonly string _operation;
    private readonly long _began;
    private readonly bool _counted;

    private MeasuredCall(ClientTelemetry client, Request request)
    {
        _client = client;
        _request = request;
        _operation = OperationNames.Of(request);
        Span = Instruments.Spans.HasListeners()
            ? Instruments.Spans.StartActivity(client.SpanName(_operation), ActivityKind.Client)
            : null;
        _counted = Instruments.ActiveOperations.Enabled;
        if (_counted) Instruments.ActiveOperations.Add(1, ActiveTags);
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>Its span; null if nobody wants it.</summary>
    public Activity? Span { get; }

    private TagList ActiveTags
    {
        get
        {
            var tags = _client.Tags;
            tags.Add("db.operation.name", _operation);
            return tags;
        }
    }

    /// <summary>A call begins.</summary>
    public static MeasuredCall Begin(ClientTelemetry client, Request request) => new(client, request);

    /// <summary>It was answered.</summary>
    public void Answered(Reply reply) => End(OperationNames.FailureOf(_request, reply), isCode: true);

    /// <summary>Its caller does not wait for it any more.</summary>
    public void Cancelled() => End("cancelled", isCode: false);

    private void End(string? failure, bool isCode)
    {
        if (_counted) Instruments.ActiveOperations.Add(-1, ActiveTags);
        if (Instruments.OperationDuration.Enabled || Span is not null)
        {
            var tags = _client.OperationTags(_operation);
            if (failure is not null)
            {
                tags.Add("error.type", failure);
                if (isCode) tags.Add("db.response.status_code", failure);
            }
            Instruments.OperationDuration.Record(Stopwatch.GetElapsedTime(_began).TotalSeconds, tags);
            if (Span is not null) Describe(Span, tags, failure);
        }
        Span?.Dispose();
    }

    private void Describe(Activity span, in TagList tags, string? failure)
    {
        foreach (var (name, value) in tags) span.SetTag(name, value);
        if (OperationNames.PathOf(_request) is { } path) span.SetTag("zab.path", path);
        if (OperationNames.SizeOf(_request) is > 1 and var size) span.SetTag("db.operation.batch.size", size);
        if (failure is not null) span.SetStatus(ActivityStatusCode.Error);
    }
}
