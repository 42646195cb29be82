using Xunit.Abstractions;
using Xunit.Sdk;

namespace Akka.Engine.Tests.Persistence.Sql;

/// <summary>
/// A fact about every journal or snapshot store. It is skipped in the classes of a store that is not installed.
/// </summary>
[XunitTestCaseDiscoverer("Akka.Engine.Tests.Persistence.Sql.StoreFactDiscoverer", "Akka.Engine.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>A fact about PostgreSQL alone.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute(bool onlyBundled = false) => Skip = PostgresCollection.WhySkip(onlyBundled);
}

/// <summary>As <see cref="PostgresFactAttribute"/>, for theories.</summary>
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute(bool onlyBundled = false) => Skip = PostgresCollection.WhySkip(onlyBundled);
}

public sealed class StoreFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions options, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new StoreTestCase(
            diagnostics, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), testMethod)];
}

public sealed class StoreTestCase : XunitTestCase
{
    [Obsolete("For deserialisation.")]
    public StoreTestCase()
    {
    }

    public StoreTestCase(
        IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod testMethod)
        : base(diagnostics, display, options, testMethod)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.TestCollection.CollectionDefinition?.Name == typeof(PostgresCollection).FullName
            ? PostgresCollection.WhySkip(onlyBundled: false)
            : base.GetSkipReason(factAttribute);
}
