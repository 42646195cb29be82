using Akka.Actor;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

// Each ExpectMsg takes the next message, whatever it is, and fails if it is not the one expected.
public abstract partial class TestKitBase
{
    /// <summary>The next message is a <typeparamref name="T"/>.</summary>
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectMsgAsync<T>(duration, hint, cancellationToken).Wait();

    /// <summary>The next message equals this one.</summary>
    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectMsgAsync(message, timeout, hint, cancellationToken).Wait();

    /// <summary>The next message is a <typeparamref name="T"/> for which the predicate holds.</summary>
    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectMsgAsync(isMessage, timeout, hint, cancellationToken).Wait();

    /// <summary>The next message is a <typeparamref name="T"/> that passes the assertions.</summary>
    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectMsgAsync(assert, timeout, hint, cancellationToken).Wait();

    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectMsgAsync(isMessageAndSender, timeout, hint, cancellationToken).Wait();

    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectMsgAsync(assertMessageAndSender, timeout, hint, cancellationToken).Wait();

    public T ExpectMsg<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectMsgAsync(expected, comparer, timeout, hint, cancellationToken).Wait();

    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(RemainingOrDilated(duration), hint, (_, _) => { }, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(RemainingOrDilated(timeout), hint,
            (actual, _) => _assertions.AssertEqual(message, actual, "{0}", hint ?? ""), cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(RemainingOrDilated(timeout), hint,
            (message, _) => CheckMessage(isMessage, message, hint), cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(RemainingOrDilated(timeout), hint, (message, _) => assert(message), cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null,
        string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(RemainingOrDilated(timeout), hint,
            (message, sender) => CheckMessage(m => isMessageAndSender(m, sender), message, hint), cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null,
        string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(RemainingOrDilated(timeout), hint, assertMessageAndSender, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null,
        string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(RemainingOrDilated(timeout), hint,
            (actual, _) => _assertions.AssertEqual(expected, actual, comparer, "{0}", hint ?? ""), cancellationToken);

    /// <summary>The next message says that a watched actor has ended.</summary>
    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectTerminatedAsync(target, timeout, hint, cancellationToken).Wait();

    public ValueTask<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectAsync<Terminated>(RemainingOrDilated(timeout), hint,
            (terminated, _) => _assertions.AssertEqual(target, terminated.ActorRef, "{0}", hint ?? ""),
            cancellationToken);

    /// <summary>No message comes for as long as an expectation would wait for one.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(cancellationToken).Wait();

    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(duration, cancellationToken).Wait();

    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(milliseconds, cancellationToken).Wait();

    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) =>
        ExpectSilenceAsync(RemainingOrDefault, cancellationToken);

    public ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        ExpectSilenceAsync(Dilated(duration), cancellationToken);

    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectSilenceAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    async ValueTask ExpectSilenceAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var (success, envelope) = await NextAsync(duration, remove: true, cancellationToken);
        if (success) throw Failure($"Expected no message for {duration}, but got {envelope}.");
        _lastWasSilence = true;
    }

    async ValueTask<T> ExpectAsync<T>(TimeSpan limit, string? hint, Action<T, IActorRef> check,
        CancellationToken cancellationToken)
    {
        var (success, envelope) = await NextAsync(limit, remove: true, cancellationToken);
        if (!success) throw Failure($"Timeout {limit} while waiting for a message of type {typeof(T)}{Hinted(hint)}.");
        if (envelope.Message is not T message)
            throw Failure($"Expected a message of type {typeof(T)}{Hinted(hint)}, but got {envelope}, "
                + $"which is a {envelope.Message?.GetType()}.");
        check(message, envelope.Sender);
        return message;
    }

    void CheckMessage<T>(Predicate<T>? isMessage, T message, string? hint)
    {
        if (isMessage is not null && !isMessage(message))
            throw Failure($"The message {message} of type {message?.GetType()} is not the one expected{Hinted(hint)}.");
    }
}
