/** What an office may decide for itself about activities. The composition provides it from the configuration. */
export abstract class ActivityPolicy {
  /** Who proposed an activity may not approve it. */
  abstract readonly fourEyes: boolean;
  /** ISO 3166-1 alpha-2; whose people take part where no country is said. */
  abstract readonly partnerCountry: string;
}
