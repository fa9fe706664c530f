import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** The page at /api/docs and the document at /api/openapi.json, made from the same schemas that check the input. */
export function serveOpenApi(app: NestFastifyApplication): void {
  const description = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Cooperation Activity Tracker')
    .setDescription(
      'Record what a partner country takes part in, correct it with a reason, and report any year as of any instant. ' +
        'Commands name who acts in `X-Actor`; every error is `application/problem+json` (RFC 9457).',
    )
    .setVersion('1')
    .build();
  SwaggerModule.setup('api/docs', app, () => SwaggerModule.createDocument(app, description), {
    jsonDocumentUrl: 'api/openapi.json',
    customSiteTitle: 'Cooperation Activity Tracker: API',
  });
}
