using Akka.Actor;
using Akka.Persistence;

namespace Akka.Engine.Tests.Persistence;

/// <summary>
/// A persistent actor that keeps a list of strings and tells a listener everything that happens to it. Its commands are
/// the nested records; what it tells is listed with each.
/// </summary>
public sealed class Ledger : ReceivePersistentActor
{
    readonly List<string> _entries = [];
    readonly IActorRef _listener;
    readonly Recovery _recovery;

    public Ledger(string id, IActorRef listener, Options? options = null)
    {
        PersistenceId = id;
        _listener = listener;
        _recovery = options?.Recovery ?? Recovery.Default;
        JournalPluginId = options?.Journal;
        SnapshotPluginId = options?.SnapshotStore;

        Recover<string>(entry =>
        {
            if (entry == options?.FailOn)
                throw new InvalidDataException(entry);
            _entries.Add(entry);
        });
        Recover<byte[]>(bytes => _entries.Add(Convert.ToHexString(bytes)));
        Recover<SnapshotOffer>(offer => _entries.AddRange((string[])offer.Snapshot));
        Recover<RecoveryCompleted>(_ => listener.Tell(new Recovered(string.Join(",", _entries), LastSequenceNr)));

        Command<Write>(write =>
        {
            Persist(write.Entry, Applied("persisted"));
            listener.Tell($"commanded {write.Entry}");
        });
        Command<WriteAll>(write => PersistAll(write.Entries, Applied("persisted")));
        Command<WriteAsync>(write =>
        {
            PersistAsync(write.Entry, Applied("persisted"));
            listener.Tell($"commanded {write.Entry}");
        });
        Command<WriteAllAsync>(write => PersistAllAsync(write.Entries, Applied("persisted")));
        Command<WriteNested>(write => Persist(write.Outer, entry =>
        {
            Applied("persisted")(entry);
            Persist(write.Inner, Applied("persisted"));
        }));
        Command<WriteAndDefer>(write =>
        {
            PersistAsync(write.Entry, Applied("persisted"));
            DeferAsync(write.Entry, entry => listener.Tell($"deferred {entry}"));
        });
        Command<Defer>(defer => DeferAsync(defer.Entry, entry => listener.Tell($"deferred {entry}")));
        Command<WriteAndReply>(write => Persist(write.Entry, entry => Sender.Tell($"written {entry}")));
        CommandAsync<WriteAfter>(async write =>
        {
            await write.Condition;
            Persist(write.Entry, Applied("persisted"));
        });
        Command<WriteObject>(write => Persist(write.Event, _ => listener.Tell("persisted object")));
        Command<Hold>(_ =>
        {
            Stash.Stash();
            listener.Tell("held");
        }, _ => _holding);
        Command<Hold>(_ => listener.Tell("released"));
        Command<Release>(_ =>
        {
            _holding = false;
            Stash.UnstashAll();
        });
        Command<Fail>(_ => throw new InvalidDataException("told to fail"));
        Command<TakeSnapshot>(_ => SaveSnapshot(_entries.ToArray()));
        Command<DeleteTo>(delete => DeleteMessages(delete.SequenceNr));
        Command<DeleteSnapshotsTo>(delete => DeleteSnapshots(new SnapshotSelectionCriteria(delete.SequenceNr)));
        Command<string>(text => listener.Tell($"told {text}"));
        Command<SaveSnapshotSuccess>(listener.Tell);
        Command<SaveSnapshotFailure>(listener.Tell);
        Command<DeleteMessagesSuccess>(listener.Tell);
        Command<DeleteMessagesFailure>(listener.Tell);
        Command<DeleteSnapshotsSuccess>(listener.Tell);
    }

    bool _holding = true;

    public override string PersistenceId { get; }

    public override Recovery Recovery => _recovery;

    public static Props Props(string id, IActorRef listener, Options? options = null) =>
        Akka.Actor.Props.Create(() => new Ledger(id, listener, options));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        _listener.Tell(new Failed($"persist {@event}", sequenceNr, cause.Message));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        _listener.Tell(new Failed($"rejected {@event}", sequenceNr, cause.Message));

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        _listener.Tell(new Failed($"recovery {message}", LastSequenceNr, reason.Message));

    Action<string> Applied(string what) => entry =>
    {
        _entries.Add(entry);
        _listener.Tell($"{what} {entry} {LastSequenceNr}");
    };

    public sealed record Options(
        string? Journal = null, string? SnapshotStore = null, Recovery? Recovery = null, string? FailOn = null);

    /// <summary>Told at the end of the recovery.</summary>
    public sealed record Recovered(string Entries, long SequenceNr);

    /// <summary>Told by OnPersistFailure, OnPersistRejected and OnRecoveryFailure.</summary>
    public sealed record Failed(string What, long SequenceNr, string Cause);

    /// <summary>Tells "commanded ..." at once and "persisted ..." when durable; so do the next four.</summary>
    public sealed record Write(string Entry);

    public sealed record WriteAll(params string[] Entries);

    public sealed record WriteAsync(string Entry);

    public sealed record WriteAllAsync(params string[] Entries);

    /// <summary>Persists the second in the handler of the first.</summary>
    public sealed record WriteNested(string Outer, string Inner);

    /// <summary>Also tells "deferred ...".</summary>
    public sealed record WriteAndDefer(string Entry);

    public sealed record Defer(string Entry);

    /// <summary>Answers its sender from the handler.</summary>
    public sealed record WriteAndReply(string Entry);

    /// <summary>Awaits, then persists.</summary>
    public sealed record WriteAfter(Task Condition, string Entry);

    public sealed record WriteObject(object Event);

    /// <summary>Is stashed (and told "held") until Release; then tells "released".</summary>
    public sealed record Hold;

    public sealed record Release;

    public sealed record Fail;

    public sealed record TakeSnapshot;

    public sealed record DeleteTo(long SequenceNr);

    public sealed record DeleteSnapshotsTo(long SequenceNr);
}
