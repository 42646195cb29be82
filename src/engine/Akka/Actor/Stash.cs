using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.Actor
{
    /// <summary>An actor that may put messages aside. Which kind of stash: see the interfaces below.</summary>
    public interface IActorStash
    {
        /// <summary>Set by the engine once the actor is made; not there yet in its constructor.</summary>
        IStash Stash { get; set; }
    }

    /// <summary>A stash of the configured capacity, without limit if there is none, and the mailbox that it needs.</summary>
    public interface IWithStash : IWithUnrestrictedStash, IRequiresMessageQueue<IDequeBasedMessageQueueSemantics>;

    /// <summary>A stash without limit, whatever capacity is configured, and an unbounded mailbox.</summary>
    public interface IWithUnboundedStash : IWithUnrestrictedStash,
        IRequiresMessageQueue<IUnboundedDequeBasedMessageQueueSemantics>;

    /// <summary>A stash over whatever deque-based mailbox is configured.</summary>
    public interface IWithUnrestrictedStash : IActorStash;

    /// <summary>A stash of the configured stash-capacity, and a bounded mailbox.</summary>
    public interface IWithBoundedStash : IWithUnrestrictedStash,
        IRequiresMessageQueue<IBoundedDequeBasedMessageQueueSemantics>;

    /// <summary>Messages that an actor has put aside for later.</summary>
    public interface IStash
    {
        int Count { get; }

        bool IsEmpty { get; }

        bool NonEmpty { get; }

        bool IsFull { get; }

        /// <summary>How many messages it can hold; -1 for any number.</summary>
        int Capacity { get; }

        /// <summary>Puts the current message aside.</summary>
        /// <exception cref="StashOverflowException">The stash is full.</exception>
        void Stash();

        /// <summary>Puts the oldest message back, to be handled next.</summary>
        void Unstash();

        /// <summary>Puts all messages back, to be handled next, in the order in which they came.</summary>
        void UnstashAll();

        void UnstashAll(Func<Envelope, bool> predicate);

        /// <summary>Takes all messages out.</summary>
        IEnumerable<Envelope> ClearStash();

        /// <summary>Puts messages before those in the stash.</summary>
        void Prepend(IEnumerable<Envelope> envelopes);
    }

    /// <summary>Stashes for actors.</summary>
    public static class StashFactory
    {
        public static IStash CreateStash<T>(this IActorContext context) where T : ActorBase =>
            CreateStash(context, typeof(T));

        public static IStash CreateStash(this IActorContext context, IActorStash actorInstance) =>
            CreateStash(context, actorInstance.GetType());

        public static IStash CreateStash(this IActorContext context, Type actorType)
        {
            var cell = (ActorCell)context;
            if (typeof(IWithUnboundedStash).IsAssignableFrom(actorType))
                return new StashImpl(context, Deploy.NoStashSize);
            var capacity = cell.Props.Deploy.StashCapacity;
            if (capacity == Deploy.NoStashSize)
                capacity = cell.SystemImpl.Mailboxes.StashCapacity(cell.Props.Dispatcher, cell.Props.Mailbox);
            if (typeof(IWithBoundedStash).IsAssignableFrom(actorType))
                return new StashImpl(context, capacity > 0 ? capacity : DefaultBound(cell));
            return typeof(IActorStash).IsAssignableFrom(actorType)
                ? new StashImpl(context, capacity)
                : throw new ArgumentException($"Actor {actorType} has no stash: it implements neither "
                    + "IWithUnboundedStash nor a sibling of it.");
        }

        static int DefaultBound(ActorCell cell) =>
            cell.SystemImpl.Settings.Config.GetInt(Mailboxes.DefaultMailboxId + ".mailbox-capacity", 1000);
    }
}

namespace Akka.Actor.Internal
{
    sealed class StashImpl : IStash
    {
        readonly ActorCell _cell;
        readonly IDequeBasedMessageQueueSemantics _mailbox;
        LinkedList<Envelope> _stash = new();
        long _stashedEnvelopeId = -1;

        public StashImpl(IActorContext context, int capacity)
        {
            _cell = (ActorCell)context;
            Capacity = capacity;
            _mailbox = _cell.Mailbox.MessageQueue as IDequeBasedMessageQueueSemantics
                ?? throw new NotSupportedException($"{_cell.Self} stashes, so its mailbox must be a deque, not a "
                    + $"{_cell.Mailbox.MessageQueue.GetType().Name}; leave out the mailbox setting, or name "
                    + "akka.actor.mailbox.unbounded-deque-based.");
        }

        public int Count => _stash.Count;

        public bool IsEmpty => _stash.Count == 0;

        public bool NonEmpty => _stash.Count > 0;

        public bool IsFull => Capacity >= 0 && _stash.Count >= Capacity;

        public int Capacity { get; }

        public void Stash()
        {
            var message = _cell.CurrentMessage;
            if (message is null)
                return; // There is none when a system message is being handled.
            if (_cell.CurrentEnvelopeId == _stashedEnvelopeId)
                throw new IllegalActorStateException($"{_cell.Self} cannot stash {message} more than once.");
            _stashedEnvelopeId = _cell.CurrentEnvelopeId;
            if (IsFull)
                throw new StashOverflowException($"The stash of {_cell.Self} is full: it holds {Capacity} messages.");
            _stash.AddLast(new Envelope(message, _cell.Sender));
        }

        public void Unstash()
        {
            if (_stash.First is not { } first)
                return;
            _stash.RemoveFirst();
            PutBack(first.Value);
        }

        public void UnstashAll() => UnstashAll(static _ => true);

        public void UnstashAll(Func<Envelope, bool> predicate)
        {
            var all = ClearStash();
            for (var node = ((LinkedList<Envelope>)all).Last; node is not null; node = node.Previous)
                if (predicate(node.Value))
                    PutBack(node.Value);
        }

        public IEnumerable<Envelope> ClearStash()
        {
            var all = _stash;
            _stash = new LinkedList<Envelope>();
            return all;
        }

        public void Prepend(IEnumerable<Envelope> envelopes)
        {
            foreach (var envelope in envelopes.Distinct().Reverse())
                _stash.AddFirst(envelope);
        }

        void PutBack(Envelope envelope)
        {
            if (envelope.Message is Terminated terminated)
                _cell.TerminatedQueuedFor(terminated.ActorRef);
            _mailbox.EnqueueFirst(envelope);
        }
    }
}
