using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence.Journal;

/// <summary>What a journal reads for a recovery.</summary>
public interface IAsyncRecovery
{
    /// <summary>Calls back with each event from..to, at most <paramref name="max"/>, in order.</summary>
    Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback);

    /// <summary>The highest sequence number ever given out, deleted events included; 0 when there is none.</summary>
    Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);
}

/// <summary>The base of a journal plug-in.</summary>
public abstract class AsyncWriteJournal : WriteJournalBase, IAsyncRecovery
{
    /// <summary>Whether requests that were carried out are published to the event stream.</summary>
    protected readonly bool CanPublish;

    readonly PluginBreaker _breaker;
    readonly WriteAnswers _answers;
    readonly ReplayFilterMode _filterMode;
    readonly int _filterWindow;
    readonly int _filterMaxOldWriters;

    protected AsyncWriteJournal()
    {
        var extension = Persistence.Instance.Apply(Context.System);
        var config = extension.PluginOf(Self).Config;
        CanPublish = extension.Settings.Internal.PublishPluginCommands;
        _answers = new WriteAnswers(Self);
        _breaker = new PluginBreaker(Context.System.Scheduler, $"Journal [{Self.Path.Name}]", config);
        _filterMode = FilterMode(config.GetString("replay-filter.mode", "repair-by-discard-old"));
        _filterWindow = config.GetInt("replay-filter.window-size", 100);
        _filterMaxOldWriters = config.GetInt("replay-filter.max-old-writers", 10);
    }

    public abstract Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
        Action<IPersistentRepresentation> recoveryCallback);

    public abstract Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);

    /// <summary>
    /// Writes each atomic write as a whole. A task that fails fails all of them; a list holds, for each, null or the
    /// reason for which it is rejected; null in place of the list means that all are written.
    /// </summary>
    protected abstract Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages);

    /// <summary>Deletes the events of an actor up to and including a sequence number.</summary>
    protected abstract Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr);

    /// <summary>Handles what is not part of the journal protocol.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    protected sealed override bool Receive(object message) =>
        ReceiveWriteJournal(message) || ReceivePluginInternal(message);

    protected bool ReceiveWriteJournal(object message)
    {
        switch (message)
        {
            case WriteMessages write:
                Write(write);
                return true;
            case ReplayMessages replay:
                _ = Replay(replay, Context, Self);
                return true;
            case DeleteMessagesTo delete:
                _ = Delete(delete, Context.System, Self);
                return true;
            default:
                return false;
        }
    }

    protected static Exception TryUnwrapException(Exception e) =>
        e is AggregateException aggregate && aggregate.Flatten().InnerExceptions is [var only] ? only : e;

    void Write(WriteMessages request)
    {
        List<AtomicWrite> writes;
        var answer = _answers.Add(request);
        try
        {
            writes = (List<AtomicWrite>)PreparePersistentBatch(request.Messages);
        }
        catch (Exception e)
        {
            // An adapter refused an event: nothing of the request has been written.
            answer.Reject(e);
            return;
        }
        if (writes.Count == 0)
        {
            answer.Complete(null, 0);
            return;
        }
        var task = _breaker.Run((this, writes), static s => s.Item1.WriteMessagesAsync(s.writes));
        if (task.IsCompleted)
            answer.Complete(task, writes.Count);
        else
            task.ContinueWith(
                static (t, state) =>
                {
                    var (answer, count) = ((WriteAnswers.Request, int))state!;
                    answer.Complete(t, count);
                },
                (answer, writes.Count), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
    }

    async Task Replay(ReplayMessages request, IActorContext context, IActorRef self)
    {
        var actor = request.PersistentActor;
        var events = context.System.EventStream;
        try
        {
            var highest = await _breaker.Run(
                    (this, request),
                    static s => s.Item1.ReadHighestSequenceNrAsync(
                        s.request.PersistenceId, Math.Max(0, s.request.FromSequenceNr - 1)))
                .ConfigureAwait(false);
            var to = Math.Min(request.ToSequenceNr, highest);
            if (to > 0 && request.FromSequenceNr <= to)
                await ReplayEvents(request, to, context).ConfigureAwait(false);
            actor.Tell(new RecoverySuccess(highest), ActorRefs.NoSender);
            if (CanPublish)
                events.Publish(request);
        }
        catch (Exception e)
        {
            actor.Tell(new ReplayMessagesFailure(TryUnwrapException(e)), ActorRefs.NoSender);
        }
    }

    async Task ReplayEvents(ReplayMessages request, long to, IActorContext context)
    {
        var actor = request.PersistentActor;
        var filter = new ReplayFilter(
            _filterMode, _filterWindow, _filterMaxOldWriters, context.System.Log,
            p => actor.Tell(new ReplayedMessage(p), ActorRefs.NoSender));
        await ReplayMessagesAsync(
            context, request.PersistenceId, request.FromSequenceNr, to, request.Max,
            p =>
            {
                // Journals of old versions marked deleted events instead of deleting them.
                if (p.IsDeleted)
                    return;
                foreach (var adapted in AdaptFromJournal(p))
                    filter.Add(adapted);
            }).ConfigureAwait(false);
        filter.Flush();
    }

    async Task Delete(DeleteMessagesTo request, ActorSystem system, IActorRef self)
    {
        try
        {
            await _breaker.Run((this, request), static async s =>
            {
                await s.Item1.DeleteMessagesToAsync(s.request.PersistenceId, s.request.ToSequenceNr)
                    .ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
            request.PersistentActor.Tell(new DeleteMessagesSuccess(request.ToSequenceNr), self);
            if (CanPublish)
                system.EventStream.Publish(request);
        }
        catch (Exception e)
        {
            request.PersistentActor.Tell(
                new DeleteMessagesFailure(TryUnwrapException(e), request.ToSequenceNr), self);
        }
    }

    static ReplayFilterMode FilterMode(string mode) => mode.ToLowerInvariant() switch
    {
        "off" => ReplayFilterMode.Disabled,
        "repair-by-discard-old" => ReplayFilterMode.RepairByDiscardOld,
        "fail" => ReplayFilterMode.Fail,
        "warn" => ReplayFilterMode.Warn,
        _ => throw new ConfigurationException(
            $"Invalid replay-filter.mode [{mode}], supported values [off, repair-by-discard-old, fail, warn]"),
    };
}
