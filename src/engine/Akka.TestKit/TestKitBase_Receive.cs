using System.Runtime.CompilerServices;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>The next message; null if none comes in time.</summary>
    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        ReceiveOneAsync(max, cancellationToken).Wait();

    public async ValueTask<object?> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var (success, envelope) = await TryReceiveOneAsync(max, cancellationToken);
        return success ? envelope.Message : null;
    }

    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null,
        CancellationToken cancellationToken = default)
    {
        (var success, envelope) = TryReceiveOneAsync(max, cancellationToken).Wait();
        return success;
    }

    public ValueTask<(bool success, MessageEnvelope envelope)> TryReceiveOneAsync(TimeSpan? max,
        CancellationToken cancellationToken = default) => NextAsync(max, remove: true, cancellationToken);

    /// <summary>The next message, which stays the next; null if none comes in time.</summary>
    public object? PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        PeekOneAsync(max, cancellationToken).Wait();

    public object? PeekOne(CancellationToken cancellationToken) =>
        PeekOneAsync(cancellationToken).Wait();

    public async ValueTask<object?> PeekOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var (success, envelope) = await TryPeekOneAsync(max, cancellationToken);
        return success ? envelope.Message : null;
    }

    public ValueTask<object?> PeekOneAsync(CancellationToken cancellationToken) =>
        PeekOneAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    public bool TryPeekOne(out MessageEnvelope envelope, TimeSpan? max, CancellationToken cancellationToken)
    {
        (var success, envelope) = TryPeekOneAsync(max, cancellationToken).Wait();
        return success;
    }

    public ValueTask<(bool success, MessageEnvelope envelope)> TryPeekOneAsync(TimeSpan? max,
        CancellationToken cancellationToken) => NextAsync(max, remove: false, cancellationToken);

    /// <summary>That many messages, whichever they are.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        ReceiveNAsync(numberOfMessages, cancellationToken).ToList(cancellationToken);

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max,
        CancellationToken cancellationToken = default) =>
        ReceiveNAsync(numberOfMessages, max, cancellationToken).ToList(cancellationToken);

    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages,
        CancellationToken cancellationToken = default) =>
        ReceiveExactlyAsync(numberOfMessages, RemainingOrDefault, cancellationToken);

    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, TimeSpan max,
        CancellationToken cancellationToken = default) =>
        ReceiveExactlyAsync(numberOfMessages, Dilated(max.CheckFinite(nameof(max))), cancellationToken);

    /// <summary>The results of the function for as long as it gives any; the first message without one stays.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, Func<object, T> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        ReceiveWhileAsync(filter, max, null, msgs, cancellationToken).ToList(cancellationToken);

    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, TimeSpan? idle, Func<object, T> filter,
        int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        ReceiveWhileAsync(filter, max, idle, msgs, cancellationToken).ToList(cancellationToken);

    public IReadOnlyList<T> ReceiveWhile<T>(Func<object, T> filter, TimeSpan? max = null, TimeSpan? idle = null,
        int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        ReceiveWhileAsync(filter, max, idle, msgs, cancellationToken).ToList(cancellationToken);

    /// <summary>Messages of a type for as long as the predicate holds; the first for which not stays.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null,
        int msgs = int.MaxValue, bool shouldIgnoreOtherMessageTypes = true,
        CancellationToken cancellationToken = default) =>
        ReceiveWhileAsync(shouldContinue, max, idle, msgs, shouldIgnoreOtherMessageTypes, cancellationToken)
            .ToList(cancellationToken);

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(TimeSpan? max, Func<object, T> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        ReceiveWhileAsync(filter, max, null, msgs, cancellationToken);

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(TimeSpan? max, TimeSpan? idle, Func<object, T> filter,
        int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        ReceiveWhileAsync(filter, max, idle, msgs, cancellationToken);

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(Func<object, T> filter, TimeSpan? max = null, TimeSpan? idle = null,
        int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        TakeWhileAsync(message => filter(message) is { } result ? (Verdict.Take, result) : (Verdict.Stop, default),
            max, idle, msgs, cancellationToken);

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(Predicate<T> shouldContinue, TimeSpan? max = null,
        TimeSpan? idle = null, int msgs = int.MaxValue, bool shouldIgnoreOtherMessageTypes = true,
        CancellationToken cancellationToken = default) =>
        TakeWhileAsync(message => message switch
        {
            T typed when shouldContinue(typed) => (Verdict.Take, typed),
            T => (Verdict.Stop, default),
            _ => (shouldIgnoreOtherMessageTypes ? Verdict.Skip : Verdict.Stop, default(T)),
        }, max, idle, msgs, cancellationToken);

    enum Verdict
    {
        Take,
        Skip,
        Stop,
    }

    async IAsyncEnumerable<T> TakeWhileAsync<T>(Func<object, (Verdict, T?)> judge, TimeSpan? max, TimeSpan? idle,
        int msgs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stop = Now + RemainingOrDilated(max);
        MessageEnvelope last = NullMessageEnvelope.Instance;
        for (var taken = 0; taken < msgs;)
        {
            var left = stop - Now;
            var limit = (left > TimeSpan.Zero ? left : TimeSpan.Zero).Min(idle ?? Timeout.InfiniteTimeSpan);
            var (success, envelope) = await NextAsync(limit, remove: false, cancellationToken);
            if (!success) break;
            var (verdict, result) = judge(envelope.Message);
            if (verdict == Verdict.Stop) break;
            _received.Reader.TryRead(out _);
            last = envelope;
            if (verdict == Verdict.Skip) continue;
            taken++;
            yield return result!;
        }
        _last = last;
        _lastWasSilence = true;
    }

    async IAsyncEnumerable<object> ReceiveExactlyAsync(int count, TimeSpan max,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var stop = Now + max;
        for (var i = 0; i < count; i++)
        {
            var left = stop - Now;
            var message = await ReceiveOneAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
            yield return message ?? throw Failure($"Timeout {max} while waiting for {count} messages: only {i} came.");
        }
    }

    async ValueTask<(bool Success, MessageEnvelope Envelope)> NextAsync(TimeSpan? max, bool remove,
        CancellationToken cancellationToken)
    {
        var limit = GetTimeoutOrDefault(max);
        LogCall("Waiting up to {0} for a message", limit);
        var found = TryNext(remove, out var envelope);
        if (!found && (limit > TimeSpan.Zero || limit == Timeout.InfiniteTimeSpan))
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (!limit.IsInfinite()) deadline.CancelAfter(limit);
            try
            {
                while (!found && await _received.Reader.WaitToReadAsync(deadline.Token))
                    found = TryNext(remove, out envelope);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Nothing came in time.
            }
        }
        _lastWasSilence = false;
        _last = found ? envelope : NullMessageEnvelope.Instance;
        LogCall(found ? "Received {0}" : "Received nothing", _last);
        return (found, _last);
    }

    bool TryNext(bool remove, out MessageEnvelope envelope) =>
        remove ? _received.Reader.TryRead(out envelope!) : _received.Reader.TryPeek(out envelope!);
}
