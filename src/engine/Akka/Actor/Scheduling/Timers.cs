namespace Akka.Actor
{
    /// <summary>An actor with timers of its own, which end with it.</summary>
    public interface IWithTimers
    {
        /// <summary>Set by the engine once the actor is made; not there yet in its constructor.</summary>
        ITimerScheduler Timers { get; set; }
    }

    /// <summary>
    /// Timers of one actor, told apart by key. Starting one replaces the one before under its key; a timer that was
    /// cancelled or replaced never fires, even if its message is in the mailbox already.
    /// </summary>
    public interface ITimerScheduler
    {
        IReadOnlyCollection<object> ActiveTimers { get; }

        void StartPeriodicTimer(object key, object msg, TimeSpan interval);

        void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

        void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

        void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

        void StartSingleTimer(object key, object msg, TimeSpan timeout);

        void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

        bool IsTimerActive(object key);

        void Cancel(object key);

        void CancelAll();
    }
}

namespace Akka.Actor.Scheduler
{
    sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
    {
        readonly Dictionary<object, (int Generation, bool Repeats, ICancelable Job)> _timers = [];
        int _generation;

        public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

        public void StartPeriodicTimer(object key, object msg, TimeSpan interval) =>
            Start(key, msg, interval, interval, repeats: true, ActorRefs.NoSender);

        public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) =>
            Start(key, msg, interval, interval, repeats: true, sender);

        public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
            Start(key, msg, initialDelay, interval, repeats: true, ActorRefs.NoSender);

        public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval,
            IActorRef sender) =>
            Start(key, msg, initialDelay, interval, repeats: true, sender);

        public void StartSingleTimer(object key, object msg, TimeSpan timeout) =>
            Start(key, msg, timeout, timeout, repeats: false, ActorRefs.NoSender);

        public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) =>
            Start(key, msg, timeout, timeout, repeats: false, sender);

        public bool IsTimerActive(object key) => _timers.ContainsKey(key);

        public void Cancel(object key)
        {
            if (_timers.Remove(key, out var timer))
                timer.Job.Cancel();
        }

        public void CancelAll()
        {
            foreach (var timer in _timers.Values)
                timer.Job.Cancel();
            _timers.Clear();
        }

        /// <summary>
        /// Whether the message is of the timer that is running under its key now; a single one is done with that.
        /// </summary>
        internal bool Accept(TimerMessage message)
        {
            if (message.Owner != this || !_timers.TryGetValue(message.Key, out var timer)
                || timer.Generation != message.Generation)
                return false;
            if (!timer.Repeats)
                _timers.Remove(message.Key);
            return true;
        }

        void Start(object key, object message, TimeSpan delay, TimeSpan interval, bool repeats, IActorRef sender)
        {
            Cancel(key);
            var generation = ++_generation;
            var tell = message is INotInfluenceReceiveTimeout
                ? new UninfluentialTimerMessage(key, generation, this, message)
                : new TimerMessage(key, generation, this, message);
            var scheduler = cell.SystemImpl.Scheduler;
            var job = repeats
                ? scheduler.ScheduleTellRepeatedlyCancelable(delay, interval, cell.Self, tell, sender)
                : scheduler.ScheduleTellOnceCancelable(delay, cell.Self, tell, sender);
            _timers[key] = (generation, repeats, job);
        }

        internal class TimerMessage(object key, int generation, TimerScheduler owner, object message)
            : IWrappedMessage, INoSerializationVerificationNeeded
        {
            public object Key => key;

            public int Generation => generation;

            public TimerScheduler Owner => owner;

            public object Message => message;

            public override string ToString() => $"TimerMsg(key={Key}, generation={Generation}, message={Message})";
        }

        sealed class UninfluentialTimerMessage(object key, int generation, TimerScheduler owner, object message)
            : TimerMessage(key, generation, owner, message), INotInfluenceReceiveTimeout;
    }
}
