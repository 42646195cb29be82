using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Akka.Engine.Tests.Persistence;

/// <summary>
/// A journal in memory whose writes wait until they are told how to end. It tells its owner about each as a
/// <see cref="Batch"/>; the owner answers the journal with an <see cref="End"/>.
/// </summary>
public sealed class GatedJournal : MemoryJournal
{
    public const string Id = "gated";

    public const string Configuration =
        """
        gated {
          class = "Akka.Engine.Tests.Persistence.GatedJournal, Akka.Engine.Tests"
          plugin-dispatcher = "akka.actor.default-dispatcher"
          circuit-breaker { max-failures = 10, call-timeout = 60s, reset-timeout = 60s }
        }
        """;

    readonly List<TaskCompletionSource<Exception?>> _waiting = [];
    IActorRef _owner = ActorRefs.Nobody;

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var writes = messages.ToList();
        // What was only deferred comes here, too, on Akka.NET.
        if (writes.Count == 0)
            return [];
        var end = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(end);
        var payloads = writes.SelectMany(w => (IEnumerable<IPersistentRepresentation>)w.Payload).Select(p => p.Payload);
        _owner.Tell(new Batch(string.Join(",", payloads), writes.Count));
        switch (await end.Task)
        {
            case null:
                return await base.WriteMessagesAsync(writes);
            case Rejection rejection:
                return writes.Select(Exception (_) => rejection).ToImmutableList();
            case var failure:
                throw failure;
        }
    }

    protected override bool ReceivePluginInternal(object message)
    {
        switch (message)
        {
            case Own own:
                _owner = own.Owner;
                return true;
            case End end:
                var write = end.Newest ? _waiting[^1] : _waiting[0];
                _waiting.Remove(write);
                write.SetResult(end.Failure);
                return true;
            default:
                return base.ReceivePluginInternal(message);
        }
    }

    public sealed record Own(IActorRef Owner);

    public sealed record Batch(string Events, int Writes);

    /// <summary>Ends the oldest write, or the newest.</summary>
    public sealed record End(Exception? Failure = null, bool Newest = false);

    public sealed class Rejection() : Exception("not welcome");
}
