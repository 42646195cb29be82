using System.Collections;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>The first message that the predicate picks; those before it are dropped.</summary>
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        FishForMessageAsync<object>(isMessage, null, max, hint, cancellationToken).Wait();

    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        FishForMessageAsync(isMessage, null, max, hint, cancellationToken).Wait();

    /// <param name="isMessage">Picks the message.</param>
    /// <param name="allMessages">Gets the messages that came before it.</param>
    /// <param name="max">How long to wait, all in all.</param>
    /// <param name="hint">What is waited for, in the test's words.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public T FishForMessage<T>(Predicate<T> isMessage, ArrayList? allMessages, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        FishForMessageAsync(isMessage, allMessages, max, hint, cancellationToken).Wait();

    public ValueTask<object> FishForMessageAsync(Predicate<object> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        FishForMessageAsync<object>(isMessage, null, max, hint, cancellationToken);

    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        FishForMessageAsync(isMessage, null, max, hint, cancellationToken);

    public async ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, ArrayList? allMessages,
        TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        var stop = Now + limit;
        allMessages?.Clear();
        while (true)
        {
            var left = stop - Now;
            var message = await ReceiveOneAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken)
                ?? throw Failure($"Timeout {limit} while fishing for a {typeof(T)}{Hinted(hint)}.");
            if (message is T typed && isMessage(typed)) return typed;
            allMessages?.Add(message);
        }
    }

    /// <summary>Drops messages for as long as they come, and fails if one of them is of that type.</summary>
    public async Task FishUntilMessageAsync<T>(TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        await foreach (var message in ReceiveWhileAsync<object>(_ => true, max, cancellationToken: cancellationToken))
            if (message is T) throw Failure($"Did not expect a message of type {typeof(T)}, but got {message}.");
    }

    /// <summary>The messages that come until none comes for the given time.</summary>
    public async Task<ArrayList> WaitForRadioSilenceAsync(TimeSpan? max = null, uint? maxMessages = null,
        CancellationToken cancellationToken = default)
    {
        var messages = new ArrayList();
        while (await ReceiveOneAsync(max, cancellationToken) is { } message)
        {
            messages.Add(message);
            if (messages.Count > maxMessages)
                throw Failure($"More than {maxMessages} messages came before there was silence.");
        }
        return ArrayList.ReadOnly(messages);
    }

    static string Hinted(string? hint) => string.IsNullOrEmpty(hint) ? "" : $" ({hint})";
}
